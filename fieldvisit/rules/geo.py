"""Distances on the ground. Positions are whole numbers of 1e-7 degree (WGS 84)."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1, IUGG


def distance_m(lat1_e7: int, lon1_e7: int, lat2_e7: int, lon2_e7: int) -> int:
    """Great-circle distance in whole metres (haversine: within 0.5 % of the ellipsoid)."""
    lat1, lon1, lat2, lon2 = (radians(value / 1e7) for value in (lat1_e7, lon1_e7, lat2_e7, lon2_e7))
    half_chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half_chord))))
