"""When a debt can no longer be sued for: every defensible date, the legal reading, and the earliest as the alarm.
E10, E11.

Civil Code 188, 189, 192, 195, 201–203; limitation provisions (2020) 8, 9, 14, 19. The years are data of
the law (law/*.toml) and come in. Dates are raw, for alarms; `expires_on` is moved over days off (203). Twin:
static/src/rules/limitation.js.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from . import dates, workdays
from .refusal import Refused

# What starts the time again (195), and what gives the defence up although the time is over (192, provisions 19).
INTERRUPTS = ("demand", "agreement", "part-payment", "suit", "acceleration")
WAIVES = ("agreement",)


@dataclass(frozen=True)
class Happened:
    """One of INTERRUPTS. `demand` is one that was received; `agreement` a signature or plan; dates are local."""

    kind: str
    on: date


@dataclass(frozen=True)
class Reading:
    """One way to reckon: why ("due", a kind of INTERRUPTS, "last-instalment"), from when, last day."""

    why: str
    since: date
    until: date


@dataclass(frozen=True)
class Limitation:
    readings: tuple[Reading, ...]
    governing: date | None
    alarm: date | None
    status: str  # running · possibly-expired · expired · unknown


def limitation(
    due: date | None,
    happened: Iterable[Happened] = (),
    *,
    on: date,
    last_instalment: date | None = None,
    years: int,
    off: dict | None = None,
) -> Limitation:
    """`due`: the first day of default; `last_instalment`: of the plan in force, if the debt is paid in parts (189).

    The legal reading follows 189 where there is a plan, else the newest interruption. The alarm is the earliest date
    that the other side could defend: the newest interruption alone, and from an acceleration on, a time that later
    payments (of one instalment each) did not start again. `off`: a calendar, to move the last day for expiry only.
    """
    happened = sorted((event for event in happened if event.on <= on), key=lambda event: event.on)
    if any(event.kind not in INTERRUPTS for event in happened):
        raise Refused("limitation.kind")
    readings = [] if due is None else [Reading("due", due, _end(due, years))]
    newest = _walk(readings[-1] if readings else None, happened, years)
    readings += [Reading(event.kind, event.on, _end(event.on, years)) for event in happened]
    usual = [newest] if newest else []
    called = [event for event in happened if event.kind == "acceleration"]
    if called:
        later = [event for event in happened if event.on >= called[-1].on and event.kind != "part-payment"]
        usual.append(Reading("acceleration", later[-1].on, _end(later[-1].on, years)))
    if last_instalment:
        plan = Reading("last-instalment", last_instalment, _end(last_instalment, years))
        readings.append(plan)
        usual.append(plan)
    if not usual:
        return Limitation(tuple(readings), None, None, "unknown")
    governing = usual[-1].until if last_instalment and not called else newest.until if newest else usual[-1].until
    alarm = min(reading.until for reading in usual)
    return Limitation(tuple(readings), governing, alarm, _status(alarm, max(governing, alarm), on, off))


def expires_on(last_day: date, off: dict) -> date:
    """The last day, moved over days off (Civil Code 203). For expiry only; alarms stand on the raw day."""
    return workdays.next_working_day(last_day, off)


def _walk(first: Reading | None, happened: list[Happened], years: int) -> Reading | None:
    """The newest time that runs: an event in time starts it again; one after it only if it waives the defence."""
    running = first
    for event in happened:
        if running is None or event.on <= running.until or event.kind in WAIVES:
            running = Reading(event.kind, event.on, _end(event.on, years))
    return running


def _status(alarm: date, governing: date, on: date, off: dict | None) -> str:
    last = expires_on(governing, off) if off else governing
    if on > last:
        return "expired"
    return "possibly-expired" if on > alarm else "running"


def _end(since: date, years: int) -> date:
    """The corresponding day, or the last of the month (202); the day it starts does not count (201)."""
    return dates.add_months(since, 12 * years)
