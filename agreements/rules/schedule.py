"""The repayment plan, exact to the fen. Twin: static/src/rules/schedule.js.

Rounding, residue and periods: compliance.md F and F.8; worked examples E1, E1b, E3, E9.
"""

from datetime import date, timedelta

from . import dates
from .money import half_up
from .refusal import Refused

HEADS = ("principal_fen", "interest_fen", "overdue_interest_fen", "penalty_fen", "cost_fen")
REDUCED_FIRST = ("penalty_fen", "overdue_interest_fen", "interest_fen", "cost_fen", "principal_fen")
POOLS = {
    "cost": ("cost_fen",),
    "interest": ("interest_fen", "overdue_interest_fen"),
    "principal": ("principal_fen",),
    "penalty": ("penalty_fen",),
}
MOST_INSTALMENTS = 360
MOST_PPM = 1_000_000  # a yearly rate over 100 % is a slip of the pen; the lawful ceiling is data, checked elsewhere
MOST_FEN = 10**12  # keeps every figure exact in JavaScript and writable in capital figures
EARLIEST_DUE_DAYS = 7
FINAL = ("paid-in-full", "in-effect")  # when a reduction can no longer be lost; the agreement must say which (E16)


def plan(terms: dict) -> list[dict]:
    """Rows {"n","due","principal_fen","interest_fen","penalty_fen","cost_fen","amount_fen","balance_fen"}.

    `terms` as in agreement/1, dates as ISO text. Raises Refused: schedule.terms, .instalments, .method, .rate, .dates,
    .reduction, .nothing_owed, .too_many.
    """
    first, start = _check(terms)
    owed = _after_reduction(terms)
    pool = {name: sum(owed[head] for head in heads) for name, heads in POOLS.items()}
    left = sum(pool.values())
    if left == 0:
        raise Refused("schedule.nothing_owed")
    rows = []
    for k, (parts, new_interest) in enumerate(METHODS[terms["method"]](terms, pool, first, start)):
        left -= sum(parts.values())
        row = {
            "n": k + 1,
            "due": dates.anchored(first, terms["anchor_day"], k).isoformat(),
            "principal_fen": parts["principal"],
            "interest_fen": parts["interest"] + new_interest,
            "penalty_fen": parts["penalty"],
            "cost_fen": parts["cost"],
            "amount_fen": sum(parts.values()) + new_interest,
            "balance_fen": left,
        }
        if row["amount_fen"] < 1:
            raise Refused("schedule.too_many", instalments=terms["instalments"])
        rows.append(row)
    return rows


def summary(terms: dict, rows: list[dict]) -> dict:
    """The four lines of a plan. `interest_fen` is the new interest alone; `each_fen` the first row's amount."""
    total = sum(row["amount_fen"] for row in rows)
    confirmed = sum(terms["balance"][head] for head in HEADS) - _reduction(terms)["fen"]
    return {
        "each_fen": rows[0]["amount_fen"],
        "last_fen": rows[-1]["amount_fen"],
        "total_fen": total,
        "interest_fen": total - confirmed,
        "until": rows[-1]["due"],
        "count": len(rows),
    }


def first_due(today: date, anchor_day: int) -> date:
    """The next anchor day that leaves at least seven days."""
    earliest = today + timedelta(days=EARLIEST_DUE_DAYS)
    due = dates.add_months(earliest, 0, anchor_day)
    return due if due >= earliest else dates.add_months(earliest, 1, anchor_day)


def spread(total: int, n: int) -> list[int]:
    """`total` fen over n rows, the last takes the residue; rounded down where rounding up would leave it nothing."""
    level = half_up(total, n)
    if total - level * (n - 1) < 1:
        level = total // n
    return [level] * (n - 1) + [total - level * (n - 1)]


def _interest_free(terms, pool, first, start):
    for amount in spread(sum(pool.values()), terms["instalments"]):
        if amount < 1:
            raise Refused("schedule.too_many", instalments=terms["instalments"])
        yield _take(pool, amount, terms["allocation"]), 0


def _equal_instalment(terms, pool, first, start):
    """The principal is amortised; arrears are spread beside it, so that no interest is charged on interest."""
    principal, n, ppm = pool["principal"], terms["instalments"], terms["annual_rate_ppm"]
    thirtieths = _period(start, first, terms["anchor_day"])
    level_num, level_den = _level(principal, ppm, n)
    amortised = _amortise(principal, ppm, n, thirtieths, half_up(level_num, level_den))
    if amortised[-1][0] < 1:
        amortised = _amortise(principal, ppm, n, thirtieths, level_num // level_den)
    arrears = {name: fen for name, fen in pool.items() if name != "principal"}
    order = [name for name in terms["allocation"] if name != "principal"]
    for (part, interest), share in zip(amortised, spread(sum(arrears.values()), n), strict=True):
        yield {"principal": part, **_take(arrears, share, order)}, interest


METHODS = {"interest-free/1": _interest_free, "equal-instalment/1": _equal_instalment}


def _level(principal: int, ppm: int, n: int) -> tuple[int, int]:
    """The exact level payment P r (1+r)^n / ((1+r)^n - 1), r = annual/12, as a fraction."""
    if ppm == 0:
        return principal, n
    base = 12_000_000
    grown = (base + ppm) ** n
    return principal * ppm * grown, base * (grown - base**n)


def _amortise(principal: int, ppm: int, n: int, thirtieths: int, level: int) -> list[tuple[int, int]]:
    """n pairs (principal part, interest). Never a negative part: interest is paid as it falls due."""
    rows, left = [], principal
    for k in range(n):
        interest = half_up(left * ppm * (30 if k else thirtieths), 360_000_000)
        part = left if k == n - 1 else min(max(level - interest, 0), left)
        rows.append((part, interest))
        left -= part
    return rows


def _period(start: date, first: date, anchor_day: int) -> int:
    """The first period in thirtieths of a month: whole months, then odd days at annual/360 (compliance.md F.8).

    A start that is itself the anchor of its month counts as anchored: 30 November to 31 December is one month.
    """
    anchor = anchor_day if start == dates.add_months(start, 0, anchor_day) else start.day
    months = (first.year - start.year) * 12 + first.month - start.month
    if dates.add_months(start, months, anchor) > first:
        months -= 1
    return 30 * months + dates.days(dates.add_months(start, months, anchor), first)


def _take(pool: dict, amount: int, order: list[str]) -> dict:
    """Take `amount` out of the pool in the agreed order (Civil Code 561); the pool is changed."""
    parts = {}
    for name in order:
        parts[name] = min(pool[name], amount)
        pool[name] -= parts[name]
        amount -= parts[name]
    return parts


def _reduction(terms: dict) -> dict:
    return terms.get("reduction", {"fen": 0, "becomes_final": None})


def _after_reduction(terms: dict) -> dict:
    owed = {head: terms["balance"][head] for head in HEADS}
    fen, final = _reduction(terms).get("fen"), _reduction(terms).get("becomes_final")
    if not _count(fen) or fen > sum(owed.values()) or (final not in FINAL if fen else final is not None):
        raise Refused("schedule.reduction")
    for head in REDUCED_FIRST:
        cut = min(owed[head], fen)
        owed[head] -= cut
        fen -= cut
    return owed


def _check(terms: dict) -> tuple[date, date]:
    """First due date and interest start of terms that can be planned; otherwise Refused."""
    balance, n, ppm = terms.get("balance"), terms.get("instalments"), terms.get("annual_rate_ppm")
    if (
        terms.get("currency") != "CNY"
        or not isinstance(balance, dict)
        or not all(_count(balance.get(head)) for head in HEADS)
        or sum(balance[head] for head in HEADS) > MOST_FEN
        or not isinstance(terms.get("reduction", {}), dict)
        or not isinstance(terms.get("allocation"), list)
        or sorted(map(str, terms["allocation"])) != sorted(POOLS)
    ):
        raise Refused("schedule.terms")
    if not _count(n) or not 1 <= n <= MOST_INSTALMENTS:
        raise Refused("schedule.instalments", most=MOST_INSTALMENTS)
    if (
        str(terms.get("method")) not in METHODS
        or terms.get("day_count", "monthly") != "monthly"
        or terms.get("steps", []) != []
        or terms.get("deferral") is not None
    ):
        raise Refused("schedule.method")
    if not _count(ppm) or ppm > MOST_PPM or (ppm and terms["method"] == "interest-free/1"):
        raise Refused("schedule.rate")
    anchor_day = terms.get("anchor_day")
    try:
        first, start = dates.parse(terms.get("first_due")), dates.parse(terms.get("interest_from"))
    except ValueError:
        raise Refused("schedule.dates") from None
    if (
        not _count(anchor_day)
        or not 1 <= anchor_day <= 31
        or first != dates.add_months(first, 0, anchor_day)
        or start > first
        or first.year > dates.LAST_YEAR - MOST_INSTALMENTS // 12 - 1
        or terms.get("shift", "none") != "none"
    ):
        raise Refused("schedule.dates")
    return first, start


def _count(value: object) -> bool:
    return type(value) is int and value >= 0
