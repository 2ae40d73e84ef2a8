"""The settlement certificate (结清证明): drawn and sealed once, when a plan is paid to the end, with clearance/1 in it.

Chinese first, for the bank's counter and the credit record; English beneath where the agreement was in English.
"""

from dataclasses import replace
from datetime import datetime

import rfc8785
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from fieldvisit import record, store, wire
from fieldvisit.problems import Refused

from . import payments, pdf, sealing, timestamps
from .models import Agreement, Clearance, Over, State
from .paper import GREY, MM, WIDTH, Block, heading, paged, text
from .rules import dates, document, following, money
from .rules.standing import FULFILLED
from .tables import grid, plain

TITLE = {"zh-hans": "结清证明", "en": "Settlement certificate"}
WORDS = {
    "zh-hans": {
        "number": "编号 {}", "creditor": "债权人", "debtor": "债务人",
        "identity": "{}，居民身份证 {}", "contract": "原合同",
        "agreement": "还款协议", "named": "{}，校验码 {}", "payments": "还款记录", "on": "日期", "reference": "凭证号",
        "fen": "金额（元）", "sum": "合计", "issued": "出具日期 {}", "page": "第 {} 页，共 {} 页",
        "foot": "{}，正本以盖有电子印章的 PDF 为准",
        "said": "{debtor} 按还款协议 {number} 应还的款项，已于 {on}全部还清。"
                "共 {n} 期，合计人民币 {total} 元，大写{capital}。",
        "nothing": "按该协议，{debtor} 再没有应还给债权人的款项。",
        "reduced": "协议约定减免的人民币 {fen} 元，自还清之日起确定减免，不再追讨。",
        "verify": "把本文件上传到 {url} 可核对真伪。",
    },
    "en": {
        "number": "No. {}", "creditor": "Creditor", "debtor": "Debtor", "identity": "{}, identity card {}",
        "contract": "Original contract", "agreement": "Repayment agreement", "named": "{}, check code {}",
        "payments": "Payments", "on": "Date", "reference": "Reference", "fen": "Amount (CNY)", "sum": "Total",
        "issued": "Issued on {}", "page": "Page {} of {}",
        "foot": "Original: the PDF that bears the electronic seal of {}",
        "said": "All that {debtor} had to pay under the repayment agreement {number} was paid by {on}: "
                "{n} instalments, CNY {total} in all, {capital}.",
        "nothing": "Under that agreement {debtor} owes the creditor nothing more.",
        "reduced": "The agreed reduction of CNY {fen} is final from that day on and will not be claimed.",
        "verify": "Upload this file at {url} to see whether it is genuine.",
    },
}  # fmt: skip


@task()
def issue_waiting() -> int:
    return issue_due(now=timezone.now())


def issue_due(*, now: datetime) -> int:
    """A certificate for every plan that is paid to the end and has none yet."""
    found = Agreement.objects.filter(state=State.SEALED, clearance=None, payments__isnull=False).distinct()
    found = list(found)
    plans = payments.plans_of(found, now)
    done = [agreement for agreement in found if plans[agreement.pk].state == FULFILLED]
    for agreement in done:
        issue(agreement=agreement, now=now)
    if done:
        timestamps.keep_waiting.enqueue()
    return len(done)


def issue(*, agreement: Agreement, now: datetime) -> Clearance:
    """Refused("clearance.not_done"). Once made it stays the same; drawing and sealing stand outside the transaction."""
    plan = payments.plan_of(agreement, now)
    if plan.state != FULFILLED:
        raise Refused("clearance.not_done")
    if made := Clearance.objects.filter(agreement=agreement).first():
        return made
    doc = wire.parse(bytes(agreement.body))
    facts = _facts(agreement, doc, plan, now)
    said = rfc8785.dumps(facts)
    drawn = draw(facts, said, agreement.language)
    paper, token = sealing.seal(agreement, drawn)
    if not timestamps.verify(paper).ok:
        raise Refused("seal.pdf")
    digest = wire.sha256(paper)
    with transaction.atomic():
        record.lock([agreement.case_id])
        if made := Clearance.objects.filter(agreement=agreement).first():
            return made
        row = Clearance(agreement=agreement, number=facts["number"], settled_on=plan.since, facts=facts,
                        pdf_sha256=digest, sealed_at=now)  # fmt: skip
        row.pdf = f"sealed/{agreement.pk}/{digest}.pdf"
        store.put(row.pdf.name, paper)
        row.save()
        if token:
            timestamps.write(row, Over.SEAL, token, paper, now=now)
        record.append(case=agreement.case, action="agreement.settled", object=f"agreement:{agreement.pk}", now=now,
                      payload={"number": row.number, "pdf_sha256": digest})  # fmt: skip
    return row


def _facts(agreement: Agreement, doc: dict, plan, now: datetime) -> dict:
    paid = agreement.payments.order_by("paid_on", "at")
    debtor, terms = doc["parties"]["debtor"], doc["terms"]
    return {
        "schema": "clearance/1", "number": f"{agreement.number}-S", "agreement_id": str(agreement.pk),
        "agreement_number": agreement.number, "terms_sha256": agreement.terms_sha256,
        "creditor": doc["parties"]["creditor"]["name"], "contract": doc["parties"]["debt"]["contract"],
        "debtor": {"name": debtor["name"], "id_masked": debtor["id_masked"]}, "instalments": len(doc["schedule"]),
        "total_fen": plan.total_fen, "reduction_fen": terms["reduction"]["fen"], "settled_on": plan.since.isoformat(),
        "issued_on": following.day(now).isoformat(), "verify_url": settings.PUBLIC_URL + "/verify/",
        "payments": [{"on": row.paid_on.isoformat(), "reference": row.reference, "fen": row.fen} for row in paid],
    }  # fmt: skip


def draw(facts: dict, said: bytes, language: str) -> pdf.Rendered:
    """The unsigned paper: the same facts give the same bytes. Raises pdf.Unprintable."""
    blocks = _blocks(facts, "zh-hans", seal=language != "en")
    if language == "en":
        first, *rest = _blocks(facts, "en", seal=True)
        blocks += [replace(first, fresh=True), *rest]
    sheets, say = paged(blocks), WORDS["zh-hans"]
    title = f"{TITLE['zh-hans']} {facts['number']}"
    head = (f"{TITLE['zh-hans']}　{say['number'].format(facts['number'])}", "")
    foot = say["foot"].format(facts["creditor"])
    attached = {"clearance.json": said}
    return pdf.bound(sheets, title=title, head=head, foot=(foot, say["page"]), lang="zh-Hans", attached=attached)


def _blocks(facts: dict, language: str, *, seal: bool) -> list[Block]:
    say, debtor = WORDS[language], facts["debtor"]
    total = money.yuan(facts["total_fen"])
    words = {"debtor": debtor["name"], "number": facts["agreement_number"], "n": facts["instalments"], "total": total,
             "on": dates.written(facts["settled_on"], language),
             "capital": "人民币" + money.capital(facts["total_fen"])}  # fmt: skip
    rows = [[dates.written(row["on"], language), row["reference"],
             ("-" if row["fen"] < 0 else "") + money.yuan(abs(row["fen"]))] for row in facts["payments"]]  # fmt: skip
    sum_fen = money.yuan(sum(row["fen"] for row in facts["payments"]))
    sentences = [say["said"].format(**words), say["nothing"].format(**words)]
    if facts["reduction_fen"]:
        sentences.append(say["reduced"].format(fen=money.yuan(facts["reduction_fen"])))
    blocks = [
        *text(TITLE[language], size=20, bold=True, align="middle", leading=1.6, keep=True,
              spacing=6 if language == "zh-hans" else 0),
        *plain([
            (say["debtor"], say["identity"].format(debtor["name"], debtor["id_masked"])),
            (say["creditor"], facts["creditor"]),
            (say["contract"], facts["contract"]),
            (say["agreement"], say["named"].format(facts["agreement_number"],
                                                   document.check_code(facts["terms_sha256"]))),
        ], before=10),
        *[line for n, said in enumerate(sentences)
          for line in text(said, size=12, leading=1.8, before=4 if n else 14)],
        *heading(say["payments"]),
        *grid([say["on"], say["reference"], say["fen"]], rows, widths=[3, 5, 3], aligns="llr",
              total=[say["sum"], "", sum_fen]),
    ]  # fmt: skip
    return [*blocks, *(_signed(facts, say, language) if seal else [])]


def _signed(facts: dict, say: dict, language: str) -> list[Block]:
    """Creditor and day beside the space for the seal, kept together."""
    side = 32 * MM
    width = WIDTH - side - 8 * MM
    lines = [
        *text(facts["creditor"], size=11, bold=True, width=width),
        *text(say["issued"].format(dates.written(facts["issued_on"], language)), colour=GREY, width=width),
        *text(say["verify"].format(url=facts["verify_url"]), size=9.5, colour=GREY, width=width),
    ]

    def draw(canvas, left, top):
        for line in lines:
            line.draw(canvas, left, top)
            top -= line.height

    return [Block(side + 4 * MM, draw, before=16, anchor=("seal", (WIDTH - side, 0, side, side)))]
