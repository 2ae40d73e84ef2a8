"""What somebody has said he will pay: a word with a sum and a day, no agreement."""

from datetime import date

from django.utils import timezone

from . import intake
from .intake import Held, Incoming
from .models import Case, Promise, Visit


@intake.handles("promise.made/1", command=True)
def made(event: Incoming, visit: Visit | None, case: Case) -> None:
    """Held where the ledger has moved below the sum, or where the day was over already; a person may let it pass."""
    said, on = event.body, date.fromisoformat(event.body["on"])
    debt = getattr(case, "debt", None)
    if event.decided_by is None:
        if on < timezone.localdate(event.at):
            raise Held("promise.past")
        if debt and said["amount_fen"] > debt.total_fen:
            raise Held("promise.above_debt")
    Promise.objects.create(
        case=case, visit=visit, event=event.row, by=event.author, at=event.at,
        amount_fen=said["amount_fen"], on=on, way=said["way"], text=said["text"],
    )  # fmt: skip
