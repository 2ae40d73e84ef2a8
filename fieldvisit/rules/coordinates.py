"""WGS-84 and what maps made in mainland China expect: GCJ-02 (Amap, Tencent), BD-09 (Baidu).

All in 1e-7 degrees. The shift is the published approximation that every converter uses (Krasovsky 1940 ellipsoid);
outside its rectangle nothing is moved. It agrees with those maps within a few metres, which is what they promise.
"""

from math import atan2, cos, pi, radians, sin, sqrt

AXIS, ECCENTRICITY_2 = 6_378_245.0, 0.00669342162296594323
SOUTH, NORTH, WEST, EAST = 8_293_000, 558_271_000, 720_040_000, 1_378_347_000
BAIDU = pi * 3000 / 180


def gcj02(lat_e7: int, lon_e7: int) -> tuple[int, int]:
    """WGS-84 → GCJ-02."""
    if not (SOUTH <= lat_e7 <= NORTH and WEST <= lon_e7 <= EAST):
        return lat_e7, lon_e7
    lat, lon = lat_e7 / 1e7, lon_e7 / 1e7
    x, y = lon - 105, lat - 35
    both = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + both
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + both
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bend = 1 - ECCENTRICITY_2 * sin(radians(lat)) ** 2
    north = north * 180 / (AXIS * (1 - ECCENTRICITY_2) / (bend * sqrt(bend)) * pi)
    east = east * 180 / (AXIS / sqrt(bend) * cos(radians(lat)) * pi)
    return round((lat + north) * 1e7), round((lon + east) * 1e7)


def bd09(lat_e7: int, lon_e7: int) -> tuple[int, int]:
    """WGS-84 → BD-09."""
    moved = gcj02(lat_e7, lon_e7)
    if moved == (lat_e7, lon_e7):
        return moved
    lat, lon = moved[0] / 1e7, moved[1] / 1e7
    length = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * BAIDU)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU)
    return round((length * sin(angle) + 0.006) * 1e7), round((length * cos(angle) + 0.0065) * 1e7)


def text(lat_e7: int, lon_e7: int) -> tuple[str, str]:
    """Degrees with seven places, as addresses of map apps take them."""
    return f"{lat_e7 / 1e7:.7f}", f"{lon_e7 / 1e7:.7f}"


def ways(lat_e7: int, lon_e7: int) -> list[tuple[str, str]]:
    """[(name of the app, address that opens it)]: only the point leaves the app, no name and no debt."""
    own, amap, baidu = ((text(*point)) for point in ((lat_e7, lon_e7), gcj02(lat_e7, lon_e7), bd09(lat_e7, lon_e7)))
    return [
        ("geo", f"geo:{own[0]},{own[1]}?q={own[0]},{own[1]}"),
        ("apple", f"https://maps.apple.com/?daddr={own[0]},{own[1]}"),
        ("amap", f"https://uri.amap.com/navigation?to={amap[1]},{amap[0]}&coordinate=gaode&callnative=1"),
        ("tencent", f"qqmap://map/routeplan?type=drive&tocoord={amap[0]},{amap[1]}&referer=fieldvisit"),
        ("baidu", f"baidumap://map/direction?destination={baidu[0]},{baidu[1]}&coord_type=bd09ll&src=fieldvisit"),
    ]
