"""The agreement's own pages as blocks: parties, debt, schedule, every paragraph that was signed, signatures."""

from dataclasses import replace
from itertools import groupby

from agreements import cost_sheet
from agreements.paper import GREY, MM, WIDTH, Block, heading, text, together
from agreements.rules import dates, document, money, signers
from agreements.signature_block import code_and_square, hands
from agreements.tables import boxed, grid, plain
from agreements.words import code, labels, product

HEADS = ("principal", "interest", "overdue_interest", "penalty", "cost")
_WHOLE = 45 * MM  # a clause lower than this is not cut by a page end


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
        *text(say["by_hand_on"] if facts.get("by_hand")
              else say["signed_on"].format(dates.written(signed_at(facts)[:10], language)),
              colour=GREY, align="middle", keep=True),
        *_replaces(facts, say, language),
        *section(say["parties"]), *_parties(agreement["parties"], say, language),
        *section(say["balance"].format(dates.written(terms["balance"]["as_of"], language))), *_balance(terms, say),
        *section(say["clauses"]), *_clauses(agreement["rendered_text"]),
        *section(say["schedule"].format(count=len(rows), rate=rate)), *_schedule(rows, say),
        *(section(say["cost_sheet"]) + cost_sheet.table(agreement, say) if cost_sheet.shown(agreement) else []),
        *section(say["signatures"]), *hands(agreement, signatures, facts, say),
        *code_and_square(facts, say),
    ]


def _replaces(facts, say, language) -> list[Block]:
    """The agreement in whose place this one stands, by number, day and check code. Its hashes: see certificate."""
    earlier = facts.get("supersedes")
    if not earlier:
        return []
    said = say["replaces"].format(number=earlier["number"], sealed=dates.written(earlier["sealed_on"], language),
                                  check=document.check_code(earlier["terms_sha256"]))  # fmt: skip
    return text(said, colour=GREY, align="middle", keep=True)


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
        *((code(each["role"], language), _person(each, say)) for each in signers.of(parties)),
        (say["debt"], _source(debt, say, language)),
        (say["account"], say["account_line"].format(**creditor)),
    ]
    return plain(pairs)


def _person(each, say) -> str:
    if each["role"] == "collector":
        return each["name"]
    return say["person"].format(each["name"], each["id_masked"], each["relation"])


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
    capital = say["capital"] + say["currency"] + money.capital(sum(r["amount_fen"] for r in rows))
    table = grid(head, body, widths=widths, aligns="cc" + "r" * (len(parts) + 2), total=total)
    return [*table[:-1], replace(table[-1], keep=True), boxed([capital])]


def _clauses(paragraphs):
    """Exactly the paragraphs that were signed, in their order; those of the schedule, the last, stand in its table."""
    blocks = []
    for n, (_, items) in enumerate(_by_clause(paragraphs), 1):
        key = items[0]["key"]
        style = {"size": 10, "leading": 1.5, "bold": key, "tint": items[0]["clause"] if key else ""}
        clause = _numbered(n, items[0]["heading"], style, before=8 if n > 1 else 6)
        for i, item in enumerate(items):
            clause += text(item["text"], x=10 * MM, width=WIDTH - 13 * MM, before=1 if i else 0, **style)
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
