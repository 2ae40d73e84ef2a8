"""From a ready agreement to a sealed paper: check, draw, seal, validate, then say so. Or hold it, with the reasons."""

from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from fieldvisit import record, store, wire
from fieldvisit.handlers import report

from . import checks, copies, endings, pades, pdf, sealkeys, timestamps
from .facts import evidence_json, facts, page_photos
from .models import Agreement, Over, Sealed, State


@task()
def seal_waiting() -> int:
    """A nudge: the worker looks for what is due, whatever it was called for."""
    settled = seal_due(now=timezone.now())
    if settled:
        timestamps.keep_waiting.enqueue()
    return settled


def seal_due(*, now: datetime) -> int:
    """Seal or hold every ready agreement of a complete visit, oldest first. Returns how many were settled.

    What fails for a reason of ours stays ready and is tried at the next call; it must not keep the others waiting.
    """
    settled = 0
    for agreement in Agreement.objects.filter(state=State.READY, visit__complete_at__isnull=False).order_by(
        "state_at", "pk"
    ):
        try:
            settled += settle(agreement, now=now)
        except OperationalError:
            raise
        except Exception as error:
            report(error, f"sealing agreement {agreement.pk}")
    return settled


def settle(agreement: Agreement, *, now: datetime) -> bool:
    """Seal one agreement, or hold it with every code that speaks against it. False if somebody else was quicker.

    Drawing and sealing happen outside the transaction: a writer must not keep others waiting for a PDF.
    """
    agreement = Agreement.objects.select_related(
        "case__creditor", "case__debt", "visit__address", "visit__collector", "offer", "event__device__user"
    ).get(pk=agreement.pk)
    papers = checks.papers(agreement, now=now)
    codes, params = checks.failed(papers), {}
    if not codes:
        evidence = evidence_json(papers)
        try:
            tokens = {Over.EVIDENCE: timestamps.first(bytes.fromhex(wire.sha256(evidence)))}
            drawn = _draw(papers, evidence, tokens[Over.EVIDENCE])
            paper, tokens[Over.SEAL] = seal(agreement, drawn)
        except pdf.Unprintable as refused:
            codes, params = ["seal.unprintable"], {"character": refused.character}
        else:
            verdict = timestamps.verify(paper)
            codes = [] if verdict.ok else ["seal.pdf"]
    if codes:
        return hold(agreement, codes=codes, params=params, now=now)
    return _keep(agreement, evidence, paper, tokens, verdict, now)


@transaction.atomic
def hold(agreement: Agreement, *, codes: list[str], now: datetime, params: dict | None = None) -> bool:
    """Nothing is sealed; everything is kept; a person decides."""
    moved = Agreement.objects.filter(pk=agreement.pk, state=State.READY).update(
        state=State.HELD, codes=codes, params=params or {}, state_at=now
    )
    if moved:
        record.append(
            case=agreement.case,
            action="agreement.held",
            object=f"agreement:{agreement.pk}",
            payload={"codes": codes},
            now=now,
        )
        if codes == ["seal.unconfirmed"]:
            copies.ask(agreement=agreement, now=now)
    return bool(moved)


@transaction.atomic
def _keep(agreement: Agreement, evidence: bytes, paper: bytes, tokens: dict, verdict: pades.Verdict, now) -> bool:
    record.lock([agreement.case_id])
    # asked again under the lock: two workers, or another agreement sealed meanwhile
    if not Agreement.objects.filter(pk=agreement.pk, state=State.READY).exists():
        return False
    in_force = Agreement.objects.filter(case=agreement.case_id, state=State.SEALED).select_related("case").first()
    if in_force:
        named = wire.parse(bytes(agreement.body))["supersedes"] == in_force.terms_sha256
        if not (named and hasattr(in_force, "renewal")):
            return hold(agreement, codes=["seal.in_force"], now=now)
        endings.replace(earlier=in_force, later=agreement, now=now)
    folder = f"sealed/{agreement.pk}"
    row = Sealed(
        agreement=agreement,
        evidence_sha256=wire.sha256(evidence),
        pdf_sha256=wire.sha256(paper),
        terms_sha256=agreement.terms_sha256,
        sealed_at=now,
        signer=verdict.signer,
    )
    row.evidence, row.pdf = f"{folder}/{row.evidence_sha256}.json", f"{folder}/{row.pdf_sha256}.pdf"
    # on the disk before the database says so: a seal cannot be made a second time with the same bytes
    store.put(row.evidence.name, evidence)
    store.put(row.pdf.name, paper)
    row.save()
    for over, token in tokens.items():
        if token:
            timestamps.write(row, over, token, paper if over == Over.SEAL else b"", now=now)
    Agreement.objects.filter(pk=agreement.pk).update(state=State.SEALED, codes=[], state_at=now)
    record.append(
        case=agreement.case, action="agreement.sealed", object=f"agreement:{agreement.pk}", now=now,
        payload={"number": agreement.number, "terms_sha256": agreement.terms_sha256, "pdf_sha256": row.pdf_sha256,
                 "evidence_sha256": row.evidence_sha256,
                 "timestamp": tokens[Over.SEAL].at.isoformat() if tokens[Over.SEAL] else "pending"},
    )  # fmt: skip
    copies.note(agreement=agreement, now=now)
    return True


def _draw(p: checks.Papers, evidence: bytes, token: pades.Token | None) -> pdf.Rendered:
    return pdf.render({"agreement": p.doc, "signatures": p.signed}, facts(p, evidence, token), evidence_json=evidence,
                      evidence_token=token.der if token else None, photos=page_photos(p))  # fmt: skip


def seal(agreement: Agreement, drawn: pdf.Rendered) -> tuple[bytes, pades.Token | None]:
    """The sealed paper with the authority's time in it (B-T); without (B-B) where no authority answers."""
    paper = pades.seal(
        drawn.pdf, signer=sealkeys.signer(), reason=agreement.number, location="CN", page=drawn.seal_page,
        box=drawn.seal_box, stamp=pdf.stamp(agreement.case.creditor.short_name),
    )  # fmt: skip
    token = timestamps.first(pades.imprint(paper))
    if token is None:
        return paper, None
    try:
        return pades.stamped(paper, token=token.der), token
    except ValueError:  # larger than the room for it: the archive's timestamp will cover the seal
        return paper, None
