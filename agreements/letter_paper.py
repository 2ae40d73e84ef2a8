"""A letter of the office on paper: Chinese first, English on a sheet of its own. The same words give the same bytes."""

from dataclasses import replace

from fieldvisit import letters

from . import pdf
from .paper import GREY, WIDTH, Block, paged, rule, text

LETTERHEAD = 15


@letters.draws
def draw(words: list[dict]) -> bytes:
    """`words`: fieldvisit.rules.letters.filled. Raises fonts.Unprintable (a ValueError)."""
    blocks = []
    for number, its in enumerate(words):
        first, *rest = _sheet(its)
        blocks += [replace(first, fresh=number > 0), *rest]
    chinese = words[0]
    head = (f"{chinese['title']}　{chinese['number']}", "")
    rendered = pdf.bound(
        paged(blocks), title=f"{chinese['title']} {chinese['number']}", head=head,
        foot=(chinese["agency"], chinese["page"]), lang="zh-Hans", attached={},
    )  # fmt: skip
    return rendered.pdf


def _sheet(its: dict) -> list[Block]:
    """Letterhead, title, to whom, the matter, how to ask or complain, sign-off."""
    line = Block(10, lambda canvas, x, top: rule(canvas, x, top - 4, WIDTH))
    blocks = [
        *text(its["agency"], size=LETTERHEAD, bold=True, colour=GREY, keep=True), line,
        *text(its["title"], size=19, bold=True, align="middle", before=16, keep=True),
        *text(its["number"], size=9.5, colour=GREY, align="right", before=4, keep=True),
        *text(its["to"], size=11.5, before=16, keep=True),
    ]  # fmt: skip
    for words in [*its["paragraphs"], its["further"], its["greeting"]]:
        blocks += text(words, size=11.5, leading=1.8, before=9) if words else []
    signed, *more = text(its["agency"], size=11.5, align="right", before=34, keep=True)
    blocks += [replace(signed, anchor=("seal", (WIDTH - 56, -24, 56, 56))), *more]  # where the office stamps it
    blocks += text(its["date"], size=11.5, align="right", before=2)
    blocks += text(its["complain"], size=9.5, colour=GREY, before=26)
    return blocks + (text(its["governs"], size=9.5, colour=GREY, before=2) if its["governs"] else [])
