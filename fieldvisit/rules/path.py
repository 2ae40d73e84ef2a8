"""The path of a visit: which of its five steps is open, which are done, and what each still waits for.

Twin of static/src/rules/path.js; both read tests/vectors/path.json.
"""

STEPS = ("prepare", "arrive", "talk", "agree", "leave")
MET = ("given", "outside")


def path(events: list[dict]) -> dict:
    """events: [{"type": "visit.note/1", "body": {…}}, …] in the order of their seq.

    Returns {"open": a step or "done", "done": [steps], "skipped": [steps], "stopped": bool,
    "blockers": {step: [codes]}}.
    Codes: not_started, no_consent, no_note.
    """
    kinds = {event["type"] for event in events}
    started, ended, stopped = "visit.started/1" in kinds, "visit.ended/1" in kinds, "stop.raised/1" in kinds
    entry = next((e["body"]["entry"] for e in reversed(events) if e["type"] == "visit.consent/1"), None)
    noted = any(e["type"] == "visit.note/1" and e["body"]["kind"] in ("statement", "observation") for e in events)
    answered = bool(kinds & {"signature.captured/1", "signature.refused/1"})

    facts = {"prepare": started, "arrive": entry is not None, "talk": noted, "agree": answered, "leave": ended}
    done = [step for step in STEPS if facts[step]]
    over = ended or stopped
    passed_by = STEPS if over else ("talk", "agree") if entry and entry not in MET else ()
    skipped = [step for step in passed_by if not facts[step] and step != "leave"]
    waiting = [step for step in STEPS if step not in done and step not in skipped]
    return {
        "open": "done" if ended else waiting[0],
        "done": done,
        "skipped": skipped,
        "stopped": stopped,
        "blockers": {step: [] if over else _blockers(step, started, entry, noted) for step in STEPS},
    }


def _blockers(step, started, entry, noted):
    """What stands in the way of this step; for talk, of its end."""
    if step == "prepare":
        return []
    if step == "agree":
        return [] if entry in MET else ["no_consent"]
    if not started:
        return ["not_started"]
    if step == "arrive":
        return []
    if entry is None:
        return ["no_consent"]
    return [] if noted or entry not in MET else ["no_note"]
