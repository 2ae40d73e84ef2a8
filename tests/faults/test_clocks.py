"""A9: a phone's clock may be anything; the work is taken in, marked, and ordered by the server."""

from datetime import datetime, timedelta, timezone

import pytest

from fieldvisit.models import Event
from tests.cast import NOW
from tests.phone import Phone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# name: [(what the phone's clock shows beside the true time, its zone, offset_ms it knows, age of that in s)…], marks
CLOCKS = {
    "ten minutes fast, known": ([(10 * HOUR / 60, 8, -600_000, 60)] * 2, []),
    "ten minutes slow, known": ([(-10 * HOUR / 60, 8, 600_000, 60)] * 2, []),
    "ten minutes fast, unknown": ([(10 * HOUR / 60, 8, 0, 60)] * 2, ["clock_ahead"]),
    "a day fast, known": ([(DAY, 8, -86_400_000, 60)] * 2, ["clock_wrong"]),
    "a day slow, known": ([(-DAY, 8, 86_400_000, 60)] * 2, ["clock_wrong"]),
    "1970": ([(datetime(1970, 1, 1).astimezone() - NOW, 8, None, None)] * 2, ["clock_unknown", "clock_behind"]),
    "2038": ([(datetime(2038, 1, 19).astimezone() - NOW, 8, 0, 60)] * 2, ["clock_ahead"]),
    "jumps back between two notes": ([(0 * HOUR, 8, 0, 60), (-2 * HOUR, 8, 7_200_000, 60)], ["clock_wrong"]),
    "jumps ahead between two notes": ([(0 * HOUR, 8, 0, 60), (2 * HOUR, 8, -7_200_000, 60)], ["clock_wrong"]),
    "another zone": ([(0 * HOUR, 8, 0, 60), (0 * HOUR, -5, 0, 60)], []),
    "summer time begins": ([(0 * HOUR, 1, 0, 60), (0 * HOUR, 2, 0, 60)], []),
    "half an hour's zone": ([(0 * HOUR, 5.75, 0, 60)] * 2, []),
    "never compared": ([(0 * HOUR, 8, None, None)] * 2, ["clock_unknown"]),
    "compared eight days ago": ([(0 * HOUR, 8, 0, 8 * 86_400)] * 2, ["clock_stale"]),
}


@pytest.mark.parametrize("name", CLOCKS)
def test_no_clock_is_a_reason_to_lose_work(visit, ana, tally, name):
    row = tally("A9", "clocks: fast, slow, 1970, 2038, jumps, zones")
    phone, (notes, marks) = Phone(ana), CLOCKS[name]
    for n, (shift, zone, offset_ms, age_s) in enumerate(notes):
        phone.clock |= {"offset_ms": offset_ms, "offset_age_s": age_s}
        at = (NOW + timedelta(seconds=n) + shift).astimezone(timezone(timedelta(hours=zone)))
        phone.note(visit, f"{n}", captured_at=at.isoformat(timespec="milliseconds"))
    verdicts = phone.deliver(now=NOW + HOUR / 60)
    rows = list(Event.objects.order_by("server_seq"))
    row.run(lost=max(0, 2 - len(rows)), doubled=max(0, len(rows) - 2))
    assert [each["status"] for each in verdicts] == ["applied"] * 2
    assert sorted({mark for each in rows for mark in each.marks}) == sorted(marks)
    known = {offset for _, _, offset, _ in notes} - {None, 0}
    if known or not marks:  # the corrected time is the true one, whatever the phone showed
        assert [each.corrected_at for each in rows] == [NOW, NOW + timedelta(seconds=1)]
    assert [each.seq for each in rows] == [1, 2]
