"""The time, by authorities: over the evidence, over the seal, over the whole paper; fetched, caught up with, renewed.

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
from .models import Agreement, Over, Sealed, State, Timestamp

logger = logging.getLogger(__name__)
# Product defaults: when an archive is renewed, how long an authority that failed is left alone, how much one run does.
RENEW_BEFORE = timedelta(days=90)
REST_S = 300
MOST = 500

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
    for step, due in ((_stamp, pending()), (_archive, unarchived(now))):
        for sealed in due.select_related("agreement").order_by("sealed_at", "pk")[:MOST]:
            try:
                done = step(sealed, now)
            except OperationalError:
                raise
            except (pades.NoToken, pades.Unproved) as error:
                logger.warning("%s of sealed paper %s waits: %s", step.__name__.strip("_"), sealed.pk, error)
                failed += 1
                break  # the next would ask the same authority
            except Exception as error:
                report(error, f"timestamps of sealed paper {sealed.pk}")
                failed += 1
            else:
                stamped += done and step is _stamp
                archived += done and step is _archive
    return Done(stamped, archived, failed)


def pending() -> QuerySet[Sealed]:
    """Papers that lack the authority's time over the evidence or over the seal."""
    return Sealed.objects.filter(_lacking())


def _lacking() -> Q:
    """An archive timestamp stands for that over the seal, which it covers."""
    return ~_has(Over.EVIDENCE) | (~_has(Over.SEAL) & ~_has(Over.ARCHIVE))


def unarchived(now: datetime) -> QuerySet[Sealed]:
    """Papers without an archive timestamp, or whose newest is near its end."""
    return Sealed.objects.filter(~_has(Over.ARCHIVE, good_until__gt=now + RENEW_BEFORE))


def _has(over: Over, **more) -> Exists:
    return Exists(Timestamp.objects.filter(sealed=OuterRef("pk"), over=over, **more))


def newest(sealed: Sealed) -> Sealed | Timestamp:
    """The edition that is handed out: whatever has its `pdf` and `pdf_sha256`."""
    return sealed.timestamps.exclude(pdf="").order_by("-pk").first() or sealed


def read(sealed: Sealed) -> bytes:
    """The newest edition's bytes. Raises FileNotFoundError."""
    return content(newest(sealed))


def content(edition: Sealed | Timestamp) -> bytes:
    with edition.pdf.open() as file:
        return file.read()


def edition(pdf_sha256: str) -> Sealed | None:
    """Whose paper this is, in any of its editions."""
    known = Q(pdf_sha256=pdf_sha256) | Q(timestamps__pdf_sha256=pdf_sha256)
    return Sealed.objects.filter(known).select_related("agreement__case__creditor").first()


def verify(paper: bytes) -> pades.Verdict:
    """The verdict of the roots that the settings name."""
    return pades.verify(paper, roots=sealkeys.roots(), timestamp_roots=sealkeys.timestamp_roots())


def _stamp(sealed: Sealed, now: datetime) -> bool:
    held = set(sealed.timestamps.values_list("over", flat=True))
    if Over.EVIDENCE not in held:
        token = _some(bytes.fromhex(sealed.evidence_sha256))
        _add(sealed, Over.EVIDENCE, token, now)
    if held.isdisjoint({Over.SEAL, Over.ARCHIVE}):
        with sealed.pdf.open() as file:
            paper = file.read()
        token = _some(pades.imprint(paper))
        _add(sealed, Over.SEAL, token, now, pades.stamped(paper, token=token.der))
    return True


def _archive(sealed: Sealed, now: datetime) -> bool:
    """B-LT and B-LTA in one update: see pades.archived."""
    before, taken = newest(sealed), []

    def take(digest: bytes) -> bytes:
        taken.append(_some(digest))
        return taken[-1].der

    with before.pdf.open() as file:
        paper = file.read()
    if wire.sha256(paper) != before.pdf_sha256 or not verify(paper).ok:
        raise Unproved
    later = pades.archived(paper, take=take, proof=sealkeys.proof())
    return _add(sealed, Over.ARCHIVE, taken[-1], now, later, after=before)


def _some(digest: bytes) -> pades.Token:
    token = first(digest, patient=True)
    if token is None:
        raise pades.NoToken("pending", "every authority")
    return token


def _add(sealed: Sealed, over: Over, token: pades.Token, now: datetime, paper: bytes = b"", after=None) -> bool:
    """Keep one timestamp, and the edition of the paper that holds it. False if somebody else was quicker."""
    if paper and not verify(paper).ok:
        raise Unproved
    with transaction.atomic():
        record.lock([sealed.agreement.case_id])
        if over == Over.ARCHIVE:
            late = newest(sealed).pdf_sha256 != after.pdf_sha256
        else:
            late = sealed.timestamps.filter(over=over).exists()
        if late:
            return False
        write(sealed, over, token, paper, now=now)
        record.append(
            case=sealed.agreement.case, action=f"agreement.timestamp.{over}", now=now,
            object=f"agreement:{sealed.agreement_id}",
            payload={"at": token.at.isoformat(), "authority": token.authority,
                     "pdf_sha256": wire.sha256(paper) if paper else sealed.evidence_sha256},
        )  # fmt: skip
    return True


def write(sealed: Sealed, over: Over, token: pades.Token, paper: bytes, *, now: datetime) -> None:
    """The row and the file. The file is on the disk before the database says so."""
    row = Timestamp(sealed=sealed, over=over, at=token.at, authority=token.authority, good_until=token.good_until,
                    token=b"" if paper else token.der, made_at=now)  # fmt: skip
    if paper:
        row.pdf_sha256 = wire.sha256(paper)
        row.pdf = f"sealed/{sealed.agreement_id}/{row.pdf_sha256}.pdf"
        store.put(row.pdf.name, paper)
    row.save()
    if over != Over.EVIDENCE:
        Sealed.objects.filter(pk=sealed.pk, timestamp_at=None).update(timestamp_at=token.at)


PENDING = _("Sealed papers without an authority's time for 24 h: {n}")
ENDING = _("Sealed papers that are not archived, or whose archive ends within 30 days: {n}")
WAITING = _("Signed agreements that have waited 24 h for the seal: {n}")


def alarms(user: User, now: datetime) -> list[Line]:
    """What those who decide must know of seals and times."""
    old = now - timedelta(hours=24)
    papers = access.through_case(Sealed.objects.filter(sealed_at__lte=old), user, "agreement__case__")
    waiting = Agreement.objects.filter(state=State.READY, state_at__lte=old, visit__complete_at__isnull=False)
    ends = ~_has(Over.ARCHIVE, good_until__gt=now + timedelta(days=30))
    found = papers.aggregate(pending=Count("pk", filter=_lacking()), ends=Count("pk", filter=Q(ends)))
    return [
        Line(PENDING, found["pending"], "reviews"), Line(ENDING, found["ends"], "reviews"),
        Line(WAITING, access.through_case(waiting, user).count(), "reviews"),
    ]  # fmt: skip
