"""What the server knows already about the events of a delivery, looked up in a number of queries that does not grow."""

import json
from uuid import UUID

from .incoming import Incoming
from .models import Assignment, Case, Event, Receipt, ReviewDecision, Status, Visit
from .models.review import Decision

KEPT = "kept"  # mark of a held event whose rows stand, so that what depends on it goes on


class Known:
    """`bodies` {(event id, sha256): stored receipt}, `rows` {event id: Event}, `done` ids that others may build on."""

    def __init__(self, visit: Visit | None, case: Case | None, events: list[Incoming]):
        self.visit, self.case = visit, case
        ids = {event.id for event in events}
        self.rows, self.done = {}, set()
        self._learn(ids | {parent for event in events for parent in event.depends_on})
        self.bodies = {}
        apart = Receipt.objects.filter(quarantine__event_id__in=ids).order_by("rev").select_related("quarantine")
        for receipt in apart.defer("quarantine__bytes"):
            self.bodies[receipt.quarantine.event_id, receipt.quarantine.sha256] = bytes(receipt.body)
        # after those: what a person took out of quarantine has newer receipts
        for receipt in Receipt.objects.filter(event__in=ids).order_by("rev"):
            self.bodies[receipt.event_id, self.rows[receipt.event_id].sha256] = bytes(receipt.body)
        self.assignments = list(Assignment.objects.filter(case=case)) if case else []
        self.approved = bool(visit and visit.complete_at) and _approved(visit)
        places = {event.data["device_seq"] + step for event in events for step in (-1, 0)}
        chain = Event.objects.filter(device=events[0].device, device_seq__in=places)
        self.chain = dict(chain.values_list("device_seq", "sha256"))

    def _learn(self, ids: set[UUID]) -> None:
        for row in Event.objects.filter(pk__in=ids).defer("bytes", "signature"):
            self.add(row)

    def add(self, row: Event) -> None:
        self.rows[row.pk] = row
        stands = row.status == Status.APPLIED or KEPT in row.marks
        if stands and self.case and row.case_id == self.case.pk:
            self.done.add(row.pk)

    def parents_stand(self, row: Event) -> bool:
        """For an event that waits since an earlier delivery."""
        parents = {UUID(each) for each in json.loads(bytes(row.bytes))["depends_on"]}
        if unknown := parents - self.rows.keys():
            self._learn(unknown)
        return parents <= self.done

    def may(self, event: Incoming) -> bool:
        """As of capture: is the author the visit's own, or did an assignment of his cover that time?

        A visit that was not begun is nobody's own any more once the case has gone to somebody else.
        """
        if self.case is None or event.data["case_ref"] != self.case.ref:
            return False
        author, at = event.author.pk, event.at
        own = self.visit is not None and author in (self.visit.collector_id, self.visit.second_id)
        crew = self._crew(author)
        of_crew = [a for a in self.assignments if a.collector_id in crew]
        if own and (self.visit.started_at or any(a.until_at is None for a in of_crew)):
            return True
        return any(a.from_at <= at and (a.until_at is None or at < a.until_at) for a in of_crew)

    def _crew(self, author_id: int) -> set[int]:
        """Who must have had the case: the author, or whoever he went along with."""
        if self.visit is None or author_id != self.visit.second_id:
            return {author_id}
        return {author_id, self.visit.collector_id}

    def mark(self, event: Incoming) -> None:
        """What the office should look at; a signal, never a refusal."""
        crew = self._crew(event.author.pk)
        if not any(a.until_at is None and a.collector_id in crew for a in self.assignments):
            event.marks.append("after_reassignment")
        if self.case.closed_at:
            event.marks.append("case_closed")
        if self.case.paused:
            event.marks.append("case_paused")
        if self.approved:
            event.marks.append("visit_closed")
        if event.actor.pk != event.author.pk:
            event.marks.append("carried")
        number, before = event.data["device_seq"], event.data["prev_sha256"]
        if self.chain.get(number, event.sha256) != event.sha256:
            event.marks.append("device_seq_twice")
        if (number == 1) != (before is None) or self.chain.get(number - 1, before) != before:
            event.marks.append("chain_broken")
        self.chain[number] = event.sha256


def _approved(visit: Visit) -> bool:
    """Did the office close this visit? What comes now is a late addition."""
    latest = ReviewDecision.objects.stood().filter(visit=visit).order_by("pk").last()
    return latest is not None and latest.decision == Decision.APPROVED
