"""What a sealed agreement costs, beside its limit and a peer: `.venv/bin/python bench/agreement.py [rounds]`.

CPU time of this process, medians; one agreement of 24 instalments in Chinese with its certificate pages, drawn
  ours      agreements.pdf.render: everything, checks of every character and PDF/A-3b with attachments included
  bare      the same words, tables, strokes and QR by ReportLab's own Paragraph and Table; no PDF/A, nothing attached
  peer      the same words and tables as HTML by WeasyPrint, PDF/A-3b, fonts of the same files
and sealed
  ours      agreements.pades.seal with the red stamp, and with a timestamp of the authority in this process (B-T)
  bare      pyHanko's PdfSigner with the same key, stamp and field, and nothing else
WeasyPrint is no part of the app: pip install --no-deps --require-hashes -r requirements-bench.lock --target var/bench
(Debian: libpango-1.0-0 libpangoft2-1.0-0).
"""

import io
import statistics
import sys
import time
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
sys.path.append(str(ROOT / "var" / "bench"))

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.sign import fields, signers  # noqa: E402
from pyhanko.stamp import StaticStampStyle  # noqa: E402
from reportlab.lib.styles import ParagraphStyle  # noqa: E402
from reportlab.lib.units import mm  # noqa: E402
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table  # noqa: E402

from agreements import fonts, ink, pades, pdf  # noqa: E402
from agreements.rules import money  # noqa: E402
from tests.agreements import samples, seals  # noqa: E402

EVIDENCE, FACTS, RAW = samples.sample(count=24, method="equal-instalment/1")
DOC = EVIDENCE["agreement"]
AUTHORITY = seals.authority(seals.folder("time"))


def rows():
    heads = ("amount", "principal", "interest", "penalty", "cost", "balance")
    return [[str(r["n"]), r["due"], *(money.yuan(r[f"{h}_fen"]) for h in heads)] for r in DOC["schedule"]]


def certificate():
    """Label and value of the certificate's lines, as many and as long as ours."""
    digests = [FACTS["terms_sha256"], FACTS["evidence_sha256"], *(p["sha256"] for p in FACTS["photos"]),
               *(e["sha256"] for e in FACTS["events"])]  # fmt: skip
    said = [str(value) for clock in FACTS["clocks"] for value in clock.values()]
    pairs = [("哈希", digest) for digest in digests] + [("时钟", value) for value in said]
    return [*pairs, ("地址", FACTS["verify_url"])]


def ours():
    return pdf.render(EVIDENCE, FACTS, evidence_json=RAW)


class Drawing(Flowable):
    """One of our vector blocks; strokes and QR are the same in both."""

    def __init__(self, block):
        super().__init__()
        self.block, self.width, self.height = block, 60 * mm, block.height

    def draw(self):
        self.block.draw(self.canv, 0, self.block.height)


def bare():
    fonts.ready()
    plain = ParagraphStyle("plain", fontName=fonts.REGULAR, fontSize=10, leading=15, wordWrap="CJK")
    strong = ParagraphStyle("strong", plain, fontName=fonts.BOLD)
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "#888888"), ("FONT", (0, 0), (-1, -1), fonts.REGULAR, 9.5),
            ("ALIGN", (2, 0), (-1, -1), "RIGHT")]  # fmt: skip
    flow, before = [Paragraph("还款协议", strong)], None
    for item in DOC["rendered_text"]:
        if item["clause"] != before:
            flow += [Spacer(1, 8), Paragraph(escape(item["heading"]), strong)]
        before = item["clause"]
        style = strong if item["key"] else plain
        flow += [Paragraph(escape(line), style) for line in item["text"].splitlines()]
    head = ["期次", "还款日", "应还", "本金", "利息", "违约金", "费用", "余额"]
    flow.append(Table([head, *rows()], style=grid, repeatRows=1))
    strokes = EVIDENCE["signatures"][0]["strokes"]
    flow.append(Drawing(ink.signature(strokes, width=ink.SIGN_W, height=ink.SIGN_H)))
    flow.append(Drawing(ink.square(FACTS["verify_url"], side=26 * mm)))
    flow.append(Table(certificate(), style=grid[:2]))
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1, initialFontName=fonts.REGULAR).build(flow)
    return out.getvalue()


def seal_ours(drawn, signer):
    return pades.seal(drawn.pdf, signer=signer, reason="FV-2026-000001", location="CN", page=drawn.seal_page,
                      box=drawn.seal_box, stamp=pdf.stamp("甲银行"))  # fmt: skip


def seal_and_stamp(drawn, signer):
    paper = seal_ours(drawn, signer)
    token = pades.ask(AUTHORITY, pades.imprint(paper), roots=seals.roots()["timestamp_roots"])
    return pades.stamped(paper, token=token.der)


def seal_bare(data, signer, page, box, style):
    meta = signers.PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256", certify=True,
                                        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
                                        subfilter=fields.SigSeedSubFilter.PADES)  # fmt: skip
    spec = fields.SigFieldSpec("Seal", on_page=page, box=box)
    maker = signers.PdfSigner(meta, signer, stamp_style=style, new_field_spec=spec)
    return maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data))).getvalue()


def peer():
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    faces = "".join(
        f"@font-face{{font-family:N;font-weight:{w};src:url(file://{fonts.font_path(w)})}}" for w in (400, 700)
    )
    text = "".join(f"<p{' class=k' if i['key'] else ''}>{escape(line)}</p>"
                   for i in DOC["rendered_text"] for line in i["text"].splitlines())  # fmt: skip
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows())
    proof = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in certificate())
    page = (
        f"<html lang=zh><style>{faces}body{{font:10pt/1.5 N}}.k{{font-weight:700;background:#f4f1e4}}"
        "table{width:100%;border-collapse:collapse}td{border:.5pt solid #888;padding:1mm 2mm}p{margin:0 0 1mm}"
        f"@page{{size:A4;margin:20mm}}</style><h1>还款协议</h1>{text}<table>{table}</table><table>{proof}</table></html>"
    )
    return weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3b", font_config=FontConfiguration())


def cpu(work, rounds):
    """Median CPU time in ms, after one call to warm up."""
    work()
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    began = time.process_time()
    fonts.ready()
    print(f"fonts, once per process          {(time.process_time() - began) * 1000:7.0f} ms")
    signer, bare_bytes = seals.signer(seals.folder("seal")), bare()
    drawn = ours()
    (ROOT / "var" / "stamp.pdf").write_bytes(pdf.stamp("甲银行"))
    style = StaticStampStyle.from_pdf_file(str(ROOT / "var" / "stamp.pdf"), border_width=0)

    def archive():
        return pdf.archived(bare_bytes, "x", "zh-Hans", {pdf.ATTACHMENT: RAW})

    def plain_seal():
        return seal_bare(drawn.pdf, signer, drawn.seal_page, drawn.seal_box, style)

    found = {
        "drawn, ours (PDF/A-3b)": cpu(ours, rounds),
        "drawn, bare ReportLab": cpu(bare, rounds),
        "  of ours, the PDF/A step": cpu(archive, rounds),
        "sealed, ours": cpu(lambda: seal_ours(drawn, signer), rounds),
        "sealed and timestamped, ours (B-T)": cpu(lambda: seal_and_stamp(drawn, signer), rounds),
        "sealed, bare pyHanko": cpu(plain_seal, rounds),
        "verified": cpu(lambda: pades.verify(seals.stamped(), **seals.roots()), rounds),
    }
    try:
        found["drawn, WeasyPrint (PDF/A-3b)"] = cpu(peer, max(3, rounds // 3))
    except (ImportError, OSError) as error:
        print(f"WeasyPrint is not here ({error}): see the top of this file")
    for name, ms in found.items():
        print(f"{name:36}{ms:7.1f} ms")
    draw, seal = found["drawn, ours (PDF/A-3b)"], found["sealed, ours"]
    print(f"draw / bare ReportLab               {draw / found['drawn, bare ReportLab']:7.2f}  (aim: at most 1.3)")
    print(f"seal / bare pyHanko                 {seal / found['sealed, bare pyHanko']:7.2f}  (aim: at most 1.3)")
    whole = draw + found["sealed and timestamped, ours (B-T)"] + found["verified"]
    if "drawn, WeasyPrint (PDF/A-3b)" in found:
        other = found["drawn, WeasyPrint (PDF/A-3b)"] + found["sealed, bare pyHanko"]
        print(f"(WeasyPrint + pyHanko) / ours       {other / (draw + seal):7.2f}  (aim: at least 4)")
    print(f"papers a second and core            {1000 / (draw + seal):7.1f}  drawn and sealed (aim: at least 8)")
    print(f"  with timestamp and own test       {1000 / whole:7.1f}")


if __name__ == "__main__":
    main()
