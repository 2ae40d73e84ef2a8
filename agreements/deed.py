"""The agreement's own pages as blocks: parties, debt, schedule, every paragraph that was signed, signatures."""

from datetime import datetime
from itertools import groupby

from agreements.ink import SIGN_H, SIGN_W, signature, square
from agreements.paper import EDGE, GREY, INK, MM, WIDTH, Block, heading, rule, stack, text, together
from agreements.rules import dates, money
from agreements.tables import boxed, grid, plain
from agreements.words import code, labels, product

HEADS = ("principal", "interest", "overdue_interest", "penalty", "cost")
SEAL_SIDE = 20 * MM
_GAP = 4 * MM
_BOX = (WIDTH - _GAP) / 2
_INSET = 3 * MM
_AIR = Block(1.5 * MM, lambda canvas, x, top: None)
_WHOLE = 60 * MM  # a clause lower than this is not cut by a page end


def moment(iso: str, seconds: bool = False) -> str:
    """"2026-11-24 10:31" of an ISO time, in the offset it came with."""
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def pages(agreement: dict, signatures: list[dict], facts: dict) -> list[Block]:
    language = agreement["language"]
    say = labels(language)
    numerals = iter(say["numerals"])

    def section(words):
        return heading(say["section"].format(next(numerals), words))

    terms, rows = agreement["terms"], agreement["schedule"]
    rate = say["rate"].format(money.percent(terms["annual_rate_ppm"])) if terms["annual_rate_ppm"] else say["free"]
    return [
        *text(say["title"], size=20, bold=True, align="middle", leading=1.5, keep=True,
              spacing=6 if language == "zh-hans" else 0),
        *text(say["signed_on"].format(dates.written(signed_at(facts)[:10], language)), colour=GREY, align="middle",
              keep=True),
        *section(say["parties"]), *_parties(agreement["parties"], say, language),
        *section(say["balance"].format(dates.written(terms["balance"]["as_of"], language))), *_balance(terms, say),
        *section(say["clauses"]), *_clauses(agreement["rendered_text"]),
        *section(say["schedule"].format(count=len(rows), rate=rate)), *_schedule(rows, say),
        *section(say["signatures"]), *_signatures(agreement, signatures, facts, say, language),
        *_verify(facts, say),
    ]


def signed_at(facts: dict) -> str:
    """The corrected time of the first signature, else of the proposal."""
    signed = [c for c in facts["clocks"] if c["event"].startswith("signed")]
    return (signed or facts["clocks"])[0]["corrected"]


def _parties(parties, say, language):
    creditor, agency, debtor, debt = (parties[k] for k in ("creditor", "agency", "debtor", "debt"))
    pairs = [(say["creditor"], creditor["name"])]
    if agency:
        until = dates.written(agency["mandate_until"], language)
        pairs.append((say["agency"], say["mandate"].format(agency["name"], agency["mandate"], until)))
    pairs += [
        (say["debtor"], say["identity"].format(debtor["name"], debtor["id_masked"])),
        (say["address"], say["reach"].format(debtor["address"], debtor["mobile_masked"])
         if debtor["mobile_masked"] else debtor["address"]),
        (say["debt"], _source(debt, say, language)),
        (say["account"], say["account_line"].format(**creditor)),
    ]
    return plain(pairs)


def _source(debt, say, language) -> str:
    """Contract, product, date and sum; the bank's file need not know the last three."""
    parts = [debt["contract"], product(debt["product"], language)]
    if debt["formed_on"]:
        parts.append(say["formed_on"].format(dates.written(debt["formed_on"], language)))
    if debt["original_fen"] is not None:
        parts.append(say["original"].format(money.yuan(debt["original_fen"])))
    return say["comma"].join(p for p in parts if p)


def _balance(terms, say):
    parts = [terms["balance"][f"{head}_fen"] for head in HEADS]
    total, off = sum(parts), terms["reduction"]["fen"]
    blocks = grid([*(say[h] for h in HEADS), say["total"]], [[money.yuan(f) for f in [*parts, total]]],
                  widths=[1] * 6, aligns="rrrrrR")
    sums = [say["capital"] + say["currency"] + money.capital(total)]
    if off:
        words = say["reduced"].format(money.yuan(off), money.yuan(total - off))
        sums.append(words + say["currency"] + money.capital(total - off))
    return together([*blocks, boxed(sums)])


def _schedule(rows, say):
    parts = [p for p in ("principal", "interest", "penalty", "cost")
             if p != "cost" or any(r["cost_fen"] for r in rows)]
    head = [say["n"], say["due"], say["amount"], *(say[f"of_{p}"] for p in parts), say["left"]]
    body = [[str(r["n"]), r["due"], *(money.yuan(r[f"{p}_fen"]) for p in ("amount", *parts, "balance"))] for r in rows]
    total = [say["sum"], None, *(money.yuan(sum(r[f"{p}_fen"] for r in rows)) for p in ("amount", *parts)),
             money.yuan(rows[-1]["balance_fen"])]
    widths = [12, 22, 24, *[23] * len(parts), 24]
    return grid(head, body, widths=widths, aligns="cc" + "r" * (len(parts) + 2), total=total)


def _clauses(paragraphs):
    """Exactly the paragraphs that were signed, in their order; those of the schedule, the last, stand in its table."""
    blocks = []
    for n, (_, items) in enumerate(_by_clause(paragraphs), 1):
        key = items[0]["key"]
        style = {"size": 10.5, "leading": 1.6, "bold": key, "tint": items[0]["clause"] if key else ""}
        clause = _numbered(n, items[0]["heading"], style, before=10 if n > 1 else 7)
        for i, item in enumerate(items):
            clause += text(item["text"], x=10 * MM, width=WIDTH - 13 * MM, before=1.5 if i else 0, **style)
        short = sum(b.before + b.height for b in clause) < _WHOLE
        blocks += together(clause) if short else clause
    return blocks


def _by_clause(paragraphs):
    shown = (p for p in paragraphs if p["clause"] != "schedule")
    return ((clause, list(items)) for clause, items in groupby(shown, key=lambda p: p["clause"]))


def _numbered(n, words, style, before):
    style = style | {"bold": True}
    head = text(words, x=10 * MM, width=WIDTH - 13 * MM, keep=True, before=before, **style)
    figure = text(str(n), x=2.5 * MM, **style)[0]
    first = head[0]

    def draw(canvas, left, top):
        figure.draw(canvas, left, top)
        first.draw(canvas, left, top)

    return [Block(first.height, draw, before=first.before, keep=True, tint=first.tint), *head[1:]]


def _signatures(agreement, signatures, facts, say, language):
    debtor = agreement["parties"]["debtor"]
    names = {debtor["party"]: debtor["name"], **facts.get("names", {})}
    collectors = iter(facts["collectors"])
    waiting = list(signatures)
    cells = []
    for required in agreement["required_signers"]:
        found = next((s for s in waiting if s["signer"]["party"] == required["party"]), None)
        if found:
            waiting.remove(found)
        cells.append(_hand(required["role"], names.get(required["party"], ""), found, facts, say, language))
    cells.insert(1, _creditor(agreement["parties"]["creditor"]["name"], say))
    for other in waiting:
        role, name = other["signer"]["role"], names.get(other["signer"]["party"], "")
        if role == "collector" and not name:
            name = next(collectors, {"name": ""})["name"]
        cells.append(_hand(role, name, other, facts, say, language))
    return [_pair(cells[i:i + 2], before=4 if i == 0 else _GAP) for i in range(0, len(cells), 2)]


def _hand(role, name, found, facts, say, language) -> Block:
    at = [c["corrected"] for c in facts["clocks"] if c["event"] == f"signed:{role}"]
    small = []
    if found is None:
        small.append(say["unsigned"])
    else:
        if not any(found["strokes"]["data"]):
            small.append(say["no_strokes"])
        small += [say["corrected"].format(moment(t)) for t in at[:1]] + [code(found["signer"]["id_check"], language)]
    ink = signature(found["strokes"], width=SIGN_W, height=SIGN_H) if found else Block(SIGN_H, lambda c, x, y: None)
    line = Block(3, lambda canvas, x, top: rule(canvas, x, top - 1, SIGN_W, 0.75, INK))
    return stack([*_label(code(role, language)), _AIR, ink, line, *_text(name), *(b for s in small for b in _small(s))])


def _creditor(name, say) -> Block:
    label = _label(say["creditor"])
    down = sum(b.height for b in label)
    cell = stack([*label, Block(SEAL_SIDE, lambda c, x, y: None), *_text(name), *_small(say["seal_note"])])
    return Block(cell.height, cell.draw, anchor=("seal", (0, down, SEAL_SIDE, SEAL_SIDE)))


def _label(words):
    return text(words, bold=True, width=_BOX - 2 * _INSET)


def _text(words):
    return text(words, leading=1.5, width=_BOX - 2 * _INSET)


def _small(words):
    return text(words, size=8.5, leading=1.5, colour=GREY, width=_BOX - 2 * _INSET)


def _pair(cells, before) -> Block:
    height = max(c.height for c in cells) + 2 * _INSET
    anchor = None
    for i, cell in enumerate(cells):
        if cell.anchor:
            name, (x, y, w, h) = cell.anchor
            anchor = (name, (x + i * (_BOX + _GAP) + _INSET, y + _INSET, w, h))

    def draw(canvas, left, top):
        for i, cell in enumerate(cells):
            x = left + i * (_BOX + _GAP)
            canvas.setStrokeColorRGB(*EDGE)
            canvas.setLineWidth(0.5)
            canvas.rect(x, top - height, _BOX, height, stroke=1, fill=0)
            cell.draw(canvas, x + _INSET, top - _INSET)

    return Block(height, draw, before=before, keep=True, anchor=anchor)


def _verify(facts, say):
    side, pad = 26 * MM, 2.5 * MM
    qr = square(facts["verify_url"], side=side)
    beside = {"x": side + 5 * MM, "width": WIDTH - side - 5 * MM}
    words = stack([*text(say["check_code"], size=9.5, colour=GREY, **beside),
                   *text(facts["check_code"], size=13, bold=True, spacing=0.6, **beside),
                   *text(say["verify"], size=9.5, **beside)])
    height = max(side, words.height) + 2 * pad

    def draw(canvas, left, top):
        rule(canvas, left, top, WIDTH, 0.75, INK)
        qr.draw(canvas, left, top - pad)
        words.draw(canvas, left, top - (height - words.height) / 2)
        rule(canvas, left, top - height, WIDTH, 0.75, INK)

    return [Block(height, draw, before=4 * MM)]
