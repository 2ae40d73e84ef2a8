"""Where a point lies for maps made in China. Points from the tests of public converters (eviltransform)."""

import pytest

from fieldvisit.rules import coordinates


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((311774276, 1215272106), (311753040, 1215315419)),  # Shanghai
        ((225438470, 1139123160), (225407961, 1139171765)),  # Shenzhen
        ((399119540, 1163778170), (399133455, 1163840472)),  # Beijing
    ],
)
def test_points_in_china_move_as_their_maps_do(wgs, gcj):
    assert coordinates.gcj02(*wgs) == gcj


def test_baidu_moves_what_amap_has_once_more():
    # gcj02(29.196131605, 120.008779011) is bd09(29.199786, 120.019809)
    lat, lon = 291960000, 1200040000
    moved = coordinates.gcj02(lat, lon)
    baidu = coordinates.bd09(lat, lon)
    assert 30_000 < baidu[0] - moved[0] < 90_000 and 60_000 < baidu[1] - moved[1] < 130_000


def test_points_outside_stay():
    assert coordinates.gcj02(515000000, -1000000) == coordinates.bd09(515000000, -1000000) == (515000000, -1000000)


def test_each_map_app_gets_the_point_in_its_own_coordinates_and_nothing_else():
    found = dict(coordinates.ways(399119540, 1163778170))
    assert found["geo"].startswith("geo:39.9119540,116.3778170")
    assert "39.9119540,116.3778170" in found["apple"]
    assert "116.3840472,39.9133455" in found["amap"] and "coordinate=gaode" in found["amap"]
    assert "39.9133455,116.3840472" in found["tencent"]
    assert "39.9195756,116.3904547" in found["baidu"] and "bd09ll" in found["baidu"]
