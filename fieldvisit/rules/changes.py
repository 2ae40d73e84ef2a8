"""What an administrator may change in a rule of a pack, and whether that makes it tighter or looser. Pure."""

ORDER = ("warn", "require", "block")
# which way is tighter, for each thing that may be changed: +1 more, -1 less
WAYS = {
    "hours": {"from": 1, "until": -1},
    "count": {"limit": -1, "days": 1},
    "least": {"limit": 1},
    "most": {"limit": -1},
}


def open_to(rule: dict) -> list[str]:
    """What may be changed in this rule, the effect last."""
    return [*WAYS.get(rule["test"], {}), "effect"]


def loosens(rule: dict, wanted: dict) -> bool:
    """Is any of the wanted values looser than what the pack says? ValueError names what is not a value for it."""
    return any(_step(rule, name, value) < 0 for name, value in wanted.items())


def changes_nothing(rule: dict, wanted: dict) -> bool:
    return all(_step(rule, name, value) == 0 for name, value in wanted.items())


def _step(rule, name, value):
    """Above zero: tighter; below: looser."""
    if name == "effect":
        if value not in ORDER:
            raise ValueError(name)
        return ORDER.index(value) - ORDER.index(rule["effect"])
    way = WAYS.get(rule["test"], {}).get(name)
    if way is None or type(value) is not type(rule[name]) or not _fits(value):
        raise ValueError(name)
    return way * ((value > rule[name]) - (value < rule[name]))


def _fits(value):
    """A limit is a whole number from nought on; an hour is HH:MM, 24:00 the last."""
    if isinstance(value, int):
        return value >= 0
    hour, colon, minute = value.partition(":")
    digits = len(value) == 5 and colon and (hour + minute).isascii() and (hour + minute).isdigit()
    return bool(digits) and (int(hour) < 24 or value == "24:00") and int(minute) < 60


def applied(rules: dict, changes: list[tuple[str, dict]]) -> dict:
    """The pack with these changes [(rule id, values)], later over earlier; the pack itself is left alone."""
    changed = dict(rules["rules"])
    for name, values in changes:
        if name in changed:
            changed[name] = changed[name] | values
    return rules | {"rules": changed}
