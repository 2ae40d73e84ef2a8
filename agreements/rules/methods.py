"""The ways to repay: each gives (parts, new interest) row by row. Twin: static/src/rules/methods.js.

`pool` holds the fen owed by part; `interest(k, principal)` the new interest of row k, rounded once. Confirmed interest,
penalty and costs never bear interest: they are spread beside the principal. Worked examples E1–E5, E14.
"""

from collections.abc import Callable, Iterator

from .money import half_up
from .refusal import Refused

Interest = Callable[[int, int], int]


def spread(total: int, n: int) -> list[int]:
    """`total` fen over n rows, the last takes the residue; rounded down where rounding up would leave it nothing."""
    level = half_up(total, n)
    if total - level * (n - 1) < 1:
        level = total // n
    return [level] * (n - 1) + [total - level * (n - 1)]


def interest_free(terms: dict, pool: dict, interest: Interest) -> Iterator[tuple[dict, int]]:
    return _amounts(terms, pool, spread(sum(pool.values()), terms["instalments"]))


def equal_instalment(terms: dict, pool: dict, interest: Interest) -> Iterator[tuple[dict, int]]:
    """The principal is amortised; arrears are spread beside it, so that no interest is charged on interest."""
    yield from _level(terms, pool["principal"], _arrears(pool), terms["instalments"], interest)


def equal_principal(terms: dict, pool: dict, interest: Interest) -> Iterator[tuple[dict, int]]:
    arrears, left, n = _arrears(pool), pool["principal"], terms["instalments"]
    shares = spread(sum(arrears.values()), n)
    for k, part in enumerate(spread(left, n)):
        yield {"principal": part, **_take(arrears, shares[k], terms["allocation"])}, interest(k, left)
        left -= part


def stepped(terms: dict, pool: dict, interest: Interest) -> Iterator[tuple[dict, int]]:
    """Given amounts first, then level over the rest (one row of it is a balloon). A row is what its step says.

    A step below its interest would let the debt grow: Refused("schedule.step_too_small"). A step that reaches zero
    early ends the plan.
    """
    n, wanted = terms["instalments"], [step["fen"] for step in terms["steps"] for _ in range(step["count"])]
    if terms["annual_rate_ppm"] == 0:
        amounts, left = [], sum(pool.values())
        for fen in wanted:
            amounts += [min(fen, left)] if left else []
            left -= min(fen, left)
        yield from _amounts(terms, pool, amounts + (spread(left, n - len(wanted)) if left else []))
        return
    arrears, principal = _arrears(pool), pool["principal"]
    shares = spread(sum(arrears.values()), n)
    for k, fen in enumerate(wanted):
        behind, new = sum(arrears.values()), interest(k, principal)
        if not principal and not behind:
            return
        share = min(shares[k], behind)
        if fen < new + share:
            raise Refused("schedule.step_too_small", n=k + 1)
        part = min(fen - new - share, principal)
        principal -= part
        yield {"principal": part, **_take(arrears, min(fen - new - part, behind), terms["allocation"])}, new
    if principal or any(arrears.values()):
        done = len(wanted)
        yield from _level(terms, principal, arrears, n - done, lambda k, left: interest(done + k, left))


METHODS = {
    "interest-free/1": interest_free,
    "settlement/1": interest_free,
    "equal-instalment/1": equal_instalment,
    "equal-principal/1": equal_principal,
    "graduated/1": stepped,
    "balloon/1": stepped,
}


def _amounts(terms: dict, pool: dict, amounts: list[int]) -> Iterator[tuple[dict, int]]:
    for amount in amounts:
        if amount < 1:
            raise Refused("schedule.too_many", instalments=terms["instalments"])
        yield _take(pool, amount, terms["allocation"]), 0


def _level(terms: dict, principal: int, arrears: dict, n: int, interest: Interest) -> Iterator[tuple[dict, int]]:
    num, den = _annuity(principal, terms["annual_rate_ppm"], n)
    rows = _amortise(principal, n, interest, half_up(num, den))
    if rows[-1][0] < 1:
        rows = _amortise(principal, n, interest, num // den)
    for (part, new), share in zip(rows, spread(sum(arrears.values()), n), strict=True):
        yield {"principal": part, **_take(arrears, share, terms["allocation"])}, new


def _annuity(principal: int, ppm: int, n: int) -> tuple[int, int]:
    """The exact level payment P r (1+r)^n / ((1+r)^n - 1), r = annual/12, as a fraction."""
    if ppm == 0:
        return principal, n
    base = 12_000_000
    grown = (base + ppm) ** n
    return principal * ppm * grown, base * (grown - base**n)


def _amortise(principal: int, n: int, interest: Interest, level: int) -> list[tuple[int, int]]:
    """n pairs (principal part, interest). Never a negative part: interest is paid as it falls due."""
    rows, left = [], principal
    for k in range(n):
        new = interest(k, left)
        part = left if k == n - 1 else min(max(level - new, 0), left)
        rows.append((part, new))
        left -= part
    return rows


def _arrears(pool: dict) -> dict:
    return {name: fen for name, fen in pool.items() if name != "principal"}


def _take(pool: dict, amount: int, order: list[str]) -> dict:
    """Take `amount` out of the pool in the agreed order (Civil Code 561); the pool is changed."""
    parts = {}
    for name in order:
        if name in pool:
            parts[name] = min(pool[name], amount)
            pool[name] -= parts[name]
            amount -= parts[name]
    return parts
