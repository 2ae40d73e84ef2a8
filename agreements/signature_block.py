"""The foot of the agreement: who signed, the creditor's seal, and the code by which to check the paper."""

from datetime import datetime

from agreements.ink import SIGN_H, SIGN_W, signature, square
from agreements.paper import EDGE, GREY, INK, MM, WIDTH, Block, rule, stack, text
from agreements.rules import signers
from agreements.words import code

SEAL_SIDE = 20 * MM
_GAP = 4 * MM
_BOX = (WIDTH - _GAP) / 2
_INSET = 3 * MM
_AIR = Block(1.5 * MM, lambda canvas, x, top: None)


def moment(iso: str, seconds: bool = False) -> str:
    """"2026-11-24 10:31" of an ISO time, in the offset it came with."""
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def hands(agreement: dict, signatures: list[dict], facts: dict, say: dict) -> list[Block]:
    """One box for each required signer, the creditor's with room for the seal, then whoever else signed."""
    language = agreement["language"]
    names = named(agreement["parties"])
    collectors = iter(facts["collectors"])
    waiting = list(signatures)
    signed = [c["corrected"] for c in facts["clocks"] if c["event"].startswith("signed")]
    times = {id(s): at for s, at in zip(signatures, signed, strict=False)}
    cells, by_hand = [], facts.get("by_hand", False)
    for required in agreement["required_signers"]:
        his = (required["role"], required["party"])
        found = next((s for s in waiting if (s["signer"]["role"], s["signer"]["party"]) == his), None)
        if found:
            waiting.remove(found)
        cells.append(_hand(required["role"], names.get(required["party"], ""), found, times, say, language, by_hand))
    cells.insert(1, _creditor(agreement["parties"]["creditor"]["name"], say))
    for other in waiting:
        role, name = other["signer"]["role"], names.get(other["signer"]["party"], "")
        if role == "collector" and not name:
            name = next(collectors, {"name": ""})["name"]
        cells.append(_hand(role, name, other, times, say, language))
    return [_pair(cells[i:i + 2], before=4 if i == 0 else _GAP) for i in range(0, len(cells), 2)]


def named(parties: dict) -> dict:
    """{party: name} of everybody whom the text names as a signer."""
    return {each["party"]: each["name"] for each in (parties["debtor"], *signers.of(parties))}


def _hand(role, name, found, times, say, language, by_hand=False) -> Block:
    small = []
    if found is None:
        small.append(say["by_hand" if by_hand else "unsigned"])
    else:
        if signers.on_paper(found):
            small.append(say["on_paper"].format(pages=found["pages"]))
        elif not any(found["strokes"]["data"]):
            small.append(say["no_strokes"])
        if id(found) in times:
            small.append(say["corrected"].format(moment(times[id(found)])))
        small.append(code(found["signer"]["id_check"], language))
    drawn = found and not signers.on_paper(found)
    ink = signature(found["strokes"], width=SIGN_W, height=SIGN_H) if drawn else Block(SIGN_H, lambda c, x, y: None)
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


def code_and_square(facts: dict, say: dict) -> list[Block]:
    """The QR of the debtor's page beside the check code."""
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
