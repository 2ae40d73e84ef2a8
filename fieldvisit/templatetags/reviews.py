"""What the review's pages draw and say: metres, days, and the small scale drawing of places against the address."""

from math import cos, hypot, radians

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fieldvisit import course, history
from fieldvisit.models import Outcome

register = template.Library()

METRES_A_DEGREE = 111_320  # of latitude; of longitude at the equator
RINGS = (25, 50, 100)
WIDTH, HEIGHT = 200, 112
BARS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000)


@register.filter
def part(marked: str) -> str:
    """What of the visit a sentence is about."""
    return str(history.part(marked))


@register.filter
def metres(value: int | None) -> str:
    """38 → "38 m", 1240 → "1.2 km"; nothing for None."""
    if value is None:
        return ""
    if value < 1000:
        return _("{n} m").format(n=value)
    return _("{n} km").format(n=f"{value / 1000:.1f}" if value < 100_000 else f"{value // 1000:,}")


@register.filter
def day(value) -> str:
    """11 月 24 日, or 24 November."""
    return date_format(localtime(value), _("j F")) if value else ""


@register.filter
def minutes(ms: int) -> str:
    """754000 → "12:34"."""
    return course.clock(ms)


@register.filter
def seconds(ms: int) -> int:
    return -(-ms // 1000)


@register.simple_tag
def outcome(code: str) -> str:
    return dict(Outcome.choices).get(code, code)


@register.inclusion_tag("fieldvisit/reviews/_scale.html")
def scale(address, places: list[dict]) -> dict:
    """Places around the address on file, north up; one unit is a metre until something lies farther away than fits."""
    if address is None or address.lat_e7 is None or not places:
        return {"points": []}
    x0, y0 = 92, 54
    points = [_point(address, place) for place in places]
    reach = max(max(abs(point["dx"]) / 78, abs(point["dy"]) / 44, 1) for point in points)
    for point in points:
        point |= {"x": round(x0 + point["dx"] / reach, 1), "y": round(y0 - point["dy"] / reach, 1)}
        point["error"] = round(min((point["accuracy"] or 0) / reach, 40), 1)
    far = max(points, key=lambda point: point["metres"])
    above = far["y"] <= y0  # its words stand on the side away from the address
    clear = max(far["error"], 5)
    bar = next((bar for bar in BARS if bar / reach >= 24), BARS[-1])
    return {
        "points": points,
        "far": far,
        "home": {"x": x0, "y": y0, "left": x0 - 4.5, "top": y0 - 4.5, "text": y0 + (22 if above else -12)},
        "rings": [round(ring / reach, 1) for ring in RINGS],
        "label": {
            "x": round(min(max(far["x"], 34), WIDTH - 34), 1),
            "y": round(max(far["y"] - clear - 4, 12) if above else min(far["y"] + clear + 12, 90), 1),
        },
        "bar": {"metres": bar} | _bar(bar / reach, left=far["x"] >= x0),
    }


def _bar(length: float, *, left: bool) -> dict:
    """The scale stands in the lower corner away from the farthest place."""
    start = 12 if left else WIDTH - 12 - length
    return {"start": round(start, 1), "end": round(start + length, 1), "middle": round(start + length / 2, 1)}


def _point(address, place: dict) -> dict:
    """East and north of the address in metres; flat within the few kilometres that a drawing shows."""
    row = place["row"]
    shrink = cos(radians(address.lat_e7 / 1e7))
    dx = (row.lon_e7 - address.lon_e7) / 1e7 * METRES_A_DEGREE * shrink
    dy = (row.lat_e7 - address.lat_e7) / 1e7 * METRES_A_DEGREE
    accuracy = None if row.accuracy_cm is None else round(row.accuracy_cm / 100)
    return place | {"dx": dx, "dy": dy, "metres": round(hypot(dx, dy)), "accuracy": accuracy}
