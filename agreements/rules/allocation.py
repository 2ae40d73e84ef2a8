"""Which part of which debt a payment covers. Civil Code 560 (several debts), 561 (within one). Worked examples E6, E7.

    allocate(paid_fen, [Owed, …], on=date, order=(…), designated=("A",)) -> Allocation(shares, over_fen)
    over_rows(paid_fen, plan_rows, order=(…)) -> Allocation: what is paid under a plan, row by row, oldest first
    inside(paid_fen, Parts, order=(…)) -> (Parts taken, fen left over)

Amounts are whole fen. What is over is never absorbed: it is given back or held (compliance.md F.4).
Twin for the tests: static/src/rules/allocation.js.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from .refusal import Refused

HEADS = ("cost", "interest", "principal", "penalty")
# Civil Code 561 names costs, interest, principal; where the penalty stands it does not say: last (compliance.md F.4).
STATUTORY = HEADS


@dataclass(frozen=True)
class Parts:
    """Fen by head; interest holds the overdue interest too."""

    cost: int = 0
    interest: int = 0
    principal: int = 0
    penalty: int = 0

    @property
    def total(self) -> int:
        return self.cost + self.interest + self.principal + self.penalty

    def less(self, other: "Parts") -> "Parts":
        return Parts(*(getattr(self, head) - getattr(other, head) for head in HEADS))


@dataclass(frozen=True)
class Owed:
    """One debt: what is owed by head, when it fell or falls due, whether it is secured, what rate it bears."""

    name: str
    parts: Parts
    due: date
    secured: bool = False
    rate_ppm: int = 0


@dataclass(frozen=True)
class Share:
    name: str
    paid: Parts
    left: Parts


@dataclass(frozen=True)
class Allocation:
    """Shares stand in the order in which the debts (or rows) were given."""

    shares: tuple[Share, ...]
    over_fen: int


def inside(paid_fen: int, owed: Parts, *, order: Sequence[str] = STATUTORY) -> tuple[Parts, int]:
    """Within one debt, in the agreed order (Civil Code 561). Raises Refused: allocation.amount, .order."""
    if type(paid_fen) is not int or paid_fen < 0 or any(getattr(owed, head) < 0 for head in HEADS):
        raise Refused("allocation.amount")
    if sorted(order) != sorted(HEADS):
        raise Refused("allocation.order")
    taken, left = {}, paid_fen
    for head in order:
        taken[head] = min(getattr(owed, head), left)
        left -= taken[head]
    return Parts(**taken), left


def allocate(
    paid_fen: int,
    debts: Iterable[Owed],
    *,
    on: date,
    order: Sequence[str] = STATUTORY,
    designated: Sequence[str] = (),
) -> Allocation:
    """Over several debts of one kind (Civil Code 560).

    First what the debtor names when he pays (`designated`, in his order); then what is due on `on` (that day counts):
    unsecured before secured, the higher rate, the earlier due date; what is equal in all of it, pro rata. Last what is
    not yet due, by due date. Raises Refused: allocation.amount, .order, .name (named twice, or unknown).
    """
    debts = list(debts)
    names = [debt.name for debt in debts]
    if len(set(names)) < len(names) or len(set(designated)) < len(designated) or set(designated) - set(names):
        raise Refused("allocation.name")
    wish = {name: place for place, name in enumerate(designated)}

    def rank(debt: Owed) -> tuple:
        if debt.name in wish:
            return (0, wish[debt.name])
        if debt.due <= on:
            return (1, debt.secured, -debt.rate_ppm, debt.due)
        return (2, debt.due)

    taken, left = {}, paid_fen
    for _, tied in groupby(sorted(debts, key=rank), key=rank):
        tied = list(tied)
        for debt, fen in zip(tied, pro_rata(left, [debt.parts.total for debt in tied]), strict=True):
            taken[debt.name], _ = inside(fen, debt.parts, order=order)
            left -= fen
    if not debts:
        inside(paid_fen, Parts(), order=order)
    shares = (Share(debt.name, taken[debt.name], debt.parts.less(taken[debt.name])) for debt in debts)
    return Allocation(tuple(shares), left)


def over_rows(paid_fen: int, rows: Iterable[dict], *, order: Sequence[str] = STATUTORY) -> Allocation:
    """What was paid under a plan in all, laid over its rows from the first on; within a row in the agreed order.

    `rows` as schedule.plan gives them. A share is named by the number of its row.
    """
    shares, left = [], paid_fen
    for row in rows:
        parts = Parts(*(row[f"{head}_fen"] for head in HEADS))
        taken, left = inside(left, parts, order=order)
        shares.append(Share(str(row["n"]), taken, parts.less(taken)))
    return Allocation(tuple(shares), left)


def pro_rata(total: int, owed: Sequence[int]) -> list[int]:
    """`total` in the proportion of what is owed, never more than that; fen left over go to the largest remainders.

    Equal remainders: the one listed first.
    """
    if type(total) is not int or total < 0 or any(type(fen) is not int or fen < 0 for fen in owed):
        raise Refused("allocation.amount")
    whole = sum(owed)
    if total >= whole:
        return list(owed)
    shares = [total * fen // whole for fen in owed]
    spare = total - sum(shares)
    for i in sorted(range(len(owed)), key=lambda i: -(total * owed[i] % whole))[:spare]:
        shares[i] += 1
    return shares
