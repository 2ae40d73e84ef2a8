import pytest

from fieldvisit.rules.geo import distance_m


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((302741000, 1201551000), (302741000, 1201551000), 0),
        ((0, 0), (0, 1800000000), 20_015_114),  # half the mean circumference
        ((900000000, 0), (-900000000, 0), 20_015_114),
        ((0, 0), (10000000, 0), 111_195),  # one degree of a meridian
        ((0, 1799999999), (0, -1799999999), 0),  # two neighbours across the date line
        ((399042000, 1164074000), (312304000, 1214737000), 1_067_312),  # Beijing to Shanghai
        ((302741000, 1201551000), (302744417, 1201551000), 38),  # the house next door
    ],
)
def test_distances_on_the_ground(a, b, metres):
    assert distance_m(*a, *b) == distance_m(*b, *a) == metres
