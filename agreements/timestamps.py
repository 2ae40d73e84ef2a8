"""The time, by authorities: over the evidence, over the seal, over the whole paper; fetched, caught up with, renewed.

A paper is a sealed agreement or a settlement certificate; both are kept alive in the same way.
Nothing waits for an authority. What was not to be had stays pending, and `keep` tries again until it is there.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from fieldvisit import access, record, store, wire
from fieldvisit.alarms import Line
from fieldvisit.handlers import report
from fieldvisit.models import User

from . import pades, sealkeys
from .models import Agreement, Clearance, ClearanceTimestamp, Over, Sealed, State, Timestamp

logger = logging.getLogger(__name__)
# Product defaults: when an archive is renewed, how long an authority that failed is left alone, how much one run does.
RENEW_BEFORE = timedelta(days=90)
REST_S = 300
MOST = 500

Paper = Sealed | Clearance
_PAPERS = (Sealed, Clearance)

_resting: dict[str, float] = {}


class Unproved(Exception):
    """The paper as it lies here does not pass its own test; it is left as it is."""


@dataclass(frozen=True)
class Done:
    stamped: int = 0
    archived: int = 0
    failed: int = 0


@task()
def keep_waiting() -> int:
    """A nudge after sealing: the worker looks for what is due."""
    return keep(now=timezone.now()).archived


def first(digest: bytes, *, patient: bool = False) -> pades.Token | None:
    """A token over a SHA-256 from the first authority that tells the truth in time; None while there is none.

    One that failed is passed over for five minutes, unless `patient`: a worker with many papers must not wait for it
    once for each.
    """
    for authority in sealkeys.authorities():
        if not patient and _resting.get(authority.name, 0) > time.monotonic():
            continue
        try:
            token = pades.ask(
                authority, digest, roots=sealkeys.timestamp_roots(), limit_s=settings.TIMESTAMP_LIMIT_S
            )
        except pades.NoToken as error:
            logger.warning("no timestamp from %s: %s", error.authority, error.code)
            _resting[authority.name] = time.monotonic() + REST_S
            continue
        _resting.pop(authority.name, None)
        return token
    return None


def keep(*, now: datetime) -> Done:
    """Fetch what is pending, archive what is not archived, renew what ends soon. May run at any time and again."""
    stamped = archived = failed = 0
    for step, due in [(_stamp, due) for due in pending()] + [(_archive, due) for due in unarchived(now)]:
        for paper in due.select_related("agreement").order_by("sealed_at", "pk")[:MOST]:
            try:
                done = step(paper, now)
            except OperationalError:
                raise
            except (pades.NoToken, pades.Unproved) as error:
                logger.warning("%s of %s waits: %s", step.__name__.strip("_"), _named(paper), error)
                failed += 1
                break  # the next would ask the same authority
            except Exception as error:
                report(error, f"timestamps of {_named(paper)}")
                failed += 1
            else:
                stamped += done and step is _stamp
                archived += done and step is _archive
    return Done(stamped, archived, failed)


def pending() -> list[QuerySet]:
    """By kind, the papers that lack the authority's time over the evidence or over the seal."""
    return [papers.objects.filter(_lacking(papers)) for papers in _PAPERS]


def _lacking(papers: type[Paper]) -> Q:
    """An archive timestamp stands for that over the seal, which it covers. Only an agreement has evidence."""
    seal = ~_has(papers, Over.SEAL) & ~_has(papers, Over.ARCHIVE)
    return seal | ~_has(papers, Over.EVIDENCE) if papers is Sealed else seal


def unarchived(now: datetime) -> list[QuerySet]:
    """By kind, the papers without an archive timestamp, or whose newest is near its end."""
    return [papers.objects.filter(~_has(papers, Over.ARCHIVE, good_until__gt=now + RENEW_BEFORE)) for papers in _PAPERS]


def _has(papers: type[Paper], over: Over, **more) -> Exists:
    link = papers._meta.get_field("timestamps")
    rows = link.related_model.objects.filter(**{link.field.name: OuterRef("pk")}, over=over, **more)
    return Exists(rows)


def newest(paper: Paper) -> Paper | Timestamp | ClearanceTimestamp:
    """The edition that is handed out: whatever has its `pdf` and `pdf_sha256`."""
    return paper.timestamps.exclude(pdf="").order_by("-pk").first() or paper


def read(paper: Paper) -> bytes:
    """The newest edition's bytes. Raises FileNotFoundError."""
    return content(newest(paper))


def content(edition: Paper | Timestamp | ClearanceTimestamp) -> bytes:
    with edition.pdf.open() as file:
        return file.read()


def edition(pdf_sha256: str) -> Paper | None:
    """Which paper this is, in any of its editions."""
    known = Q(pdf_sha256=pdf_sha256) | Q(timestamps__pdf_sha256=pdf_sha256)
    found = (papers.objects.filter(known).select_related("agreement__case__creditor").first() for papers in _PAPERS)
    return next(filter(None, found), None)


def verify(paper: bytes) -> pades.Verdict:
    """The verdict of the roots that the settings name."""
    return pades.verify(paper, roots=sealkeys.roots(), timestamp_roots=sealkeys.timestamp_roots())


def _stamp(paper: Paper, now: datetime) -> bool:
    held, added = set(paper.timestamps.values_list("over", flat=True)), False
    if isinstance(paper, Sealed) and Over.EVIDENCE not in held:
        token = _some(bytes.fromhex(paper.evidence_sha256))
        added = _add(paper, Over.EVIDENCE, token, now)
    if held.isdisjoint({Over.SEAL, Over.ARCHIVE}):
        before = content(paper)
        if verify(before).level != "B-B":
            return added  # it got its time when it was sealed, and no row of it: the archive's will stand for both
        token = _some(pades.imprint(before))
        added = _add(paper, Over.SEAL, token, now, pades.stamped(before, token=token.der))
    return added


def _archive(paper: Paper, now: datetime) -> bool:
    """B-LT and B-LTA in one update: see pades.archived."""
    before, taken = newest(paper), []

    def take(digest: bytes) -> bytes:
        taken.append(_some(digest))
        return taken[-1].der

    old = content(before)
    if wire.sha256(old) != before.pdf_sha256 or not verify(old).ok:
        raise Unproved
    later = pades.archived(old, take=take, proof=sealkeys.proof())
    return _add(paper, Over.ARCHIVE, taken[-1], now, later, after=before)


def _some(digest: bytes) -> pades.Token:
    token = first(digest, patient=True)
    if token is None:
        raise pades.NoToken("pending", "every authority")
    return token


def _named(paper: Paper) -> str:
    return f"{paper._meta.verbose_name} paper {paper.pk}"


def _add(paper: Paper, over: Over, token: pades.Token, now: datetime, pdf: bytes = b"", after=None) -> bool:
    """Keep one timestamp, and the edition of the paper that holds it. False if somebody else was quicker."""
    if pdf and not verify(pdf).ok:
        raise Unproved
    with transaction.atomic():
        record.lock([paper.agreement.case_id])
        if over == Over.ARCHIVE:
            late = newest(paper).pdf_sha256 != after.pdf_sha256
        else:
            late = paper.timestamps.filter(over=over).exists()
        if late:
            return False
        write(paper, over, token, pdf, now=now)
        record.append(
            case=paper.agreement.case, now=now, object=f"agreement:{paper.agreement_id}",
            action=f"{'agreement' if isinstance(paper, Sealed) else 'clearance'}.timestamp.{over}",
            payload={"at": token.at.isoformat(), "authority": token.authority,
                     "pdf_sha256": wire.sha256(pdf) if pdf else paper.evidence_sha256},
        )  # fmt: skip
    return True


def write(paper: Paper, over: Over, token: pades.Token, pdf: bytes, *, now: datetime) -> None:
    """The row and the file. The file is on the disk before the database says so."""
    link = paper._meta.get_field("timestamps")
    row = link.related_model(**{link.field.name: paper}, over=over, at=token.at, authority=token.authority,
                             good_until=token.good_until, token=b"" if pdf else token.der, made_at=now)  # fmt: skip
    if pdf:
        row.pdf_sha256 = wire.sha256(pdf)
        row.pdf = f"sealed/{paper.agreement_id}/{row.pdf_sha256}.pdf"
        store.put(row.pdf.name, pdf)
    row.save()
    if over != Over.EVIDENCE and isinstance(paper, Sealed):
        Sealed.objects.filter(pk=paper.pk, timestamp_at=None).update(timestamp_at=token.at)


PENDING = _("Sealed papers without an authority's time for 24 h: {n}")
ENDING = _("Sealed papers that are not archived, or whose archive ends within 30 days: {n}")
WAITING = _("Signed agreements that have waited 24 h for the seal: {n}")


def alarms(user: User, now: datetime) -> list[Line]:
    """What those who decide must know of seals and times."""
    old = now - timedelta(hours=24)
    waiting = Agreement.objects.filter(state=State.READY, state_at__lte=old, visit__complete_at__isnull=False)
    lacking = ends = 0
    for papers in _PAPERS:
        mine = access.through_case(papers.objects.filter(sealed_at__lte=old), user, "agreement__case__")
        ending = Q(~_has(papers, Over.ARCHIVE, good_until__gt=now + timedelta(days=30)))
        found = mine.aggregate(lacking=Count("pk", filter=_lacking(papers)), ends=Count("pk", filter=ending))
        lacking, ends = lacking + found["lacking"], ends + found["ends"]
    return [
        Line(PENDING, lacking, "reviews"), Line(ENDING, ends, "reviews"),
        Line(WAITING, access.through_case(waiting, user).count(), "reviews"),
    ]  # fmt: skip
