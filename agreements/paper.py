"""Blocks on A4 pages: break lines as Chinese typesetting does, fill pages, never leave a heading or a head row alone.

A block is a height and a drawing. Everything is measured before anything is drawn, so the number of pages is known
on the first page and a character that cannot be drawn stops the work early.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from agreements import fonts

MM = 72 / 25.4
PAGE_W, PAGE_H = 210 * MM, 297 * MM
LEFT, RIGHT, TOP, BOTTOM = 20 * MM, 190 * MM, PAGE_H - 24 * MM, 22 * MM
WIDTH = RIGHT - LEFT
# Red, green, blue from 0 to 1: the colours of the print reference.
INK, GREY, EDGE, HAIR = (0, 0, 0), (0.267, 0.267, 0.267), (0.533, 0.533, 0.533), (0.8, 0.8, 0.8)
SUNK, TINT, SEAL = (0.945, 0.945, 0.933), (0.957, 0.945, 0.894), (0.69, 0.157, 0.106)

# Units that must not be broken, tried in this order: a whole Chinese date; a sum in capitals; a figure with its unit;
# a Latin word or number; one character. Closing marks cling to the left, opening marks to the right.
_UNIT = re.compile(
    r"[（《「『【〔“‘(\[]*"
    r"(?:\d{4} 年 \d+ 月 \d+ 日|(?:人民币)?[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]{3,}"
    r"|[!-~\u00a1-\u024f\u2010-\u2015\u2018-\u201f]+(?:(?<=[\d%]) ?[年月日期元天个笔项条秒米张号分])?|\S)"
    r"[，。、；：！？）》」』】〕”’…％·,.;:!?)\]]*"
    r"|\s+"
)


@dataclass(frozen=True)
class Block:
    """`draw(canvas, x, top)` paints within `height` points under `top`. `keep`: stay on one page with the next block.

    `head`: a block painted again when this one begins a page. `tint`: neighbours with one tint share a background.
    `mark`: (title, level) of a bookmark. `anchor`: (name, (x, y, w, h)) relative to the top left corner, y downwards.
    """

    height: float
    draw: Callable
    before: float = 0
    keep: bool = False
    head: "Block | None" = None
    tint: str = ""
    mark: tuple | None = None
    anchor: tuple | None = None
    fresh: bool = False


def broken(text: str, font: str, size: float, width: float) -> list[str]:
    """`text` in lines no wider than `width` points; every character is kept but the spaces at line ends."""
    lines, line, used = [], "", 0.0
    for unit, w in _units(text, font, size, width):
        if unit == "\n" or (line and used + w > width and not unit.isspace()):
            lines.append(line.rstrip())
            line, used = "", 0.0
        if unit == "\n" or (unit.isspace() and not line and lines):
            continue
        line, used = line + unit, used + w
    return [*lines, line.rstrip()]


def _units(text, font, size, width):
    for piece in re.split(r"(\n)", text.replace("\r\n", "\n")):
        for unit in [piece] if piece == "\n" else _UNIT.findall(piece):
            w = fonts.width(unit, font, size) if unit != "\n" else 0
            if w <= width:
                yield unit, w
            else:
                yield from ((character, fonts.width(character, font, size)) for character in unit)


def text(words: str, *, size=10.5, leading=1.65, bold=False, x=0.0, width=WIDTH, colour=INK, align="left", before=0.0,
         keep=False, tint="", spacing=0.0) -> list[Block]:
    """A paragraph as one block a line: its first two lines stay together, and its last two."""
    font = fonts.BOLD if bold else fonts.REGULAR
    lines = broken(words, font, size, width)
    last = len(lines) - 1
    return [
        Block(size * leading, _line(line, font, size, leading, x, width, colour, align, spacing), tint=tint,
              before=before if i == 0 else 0, keep=keep if i == last else i in (0, last - 1))
        for i, line in enumerate(lines)
    ]


def _line(line, font, size, leading, x, width, colour, align, spacing):
    slack = width - fonts.width(line, font, size) - spacing * (len(line) - 1)
    shift = {"left": 0, "right": slack, "middle": slack / 2}[align]

    def draw(canvas, left, top):
        put(canvas, left + x + shift, top - size * (leading / 2 + 0.38), line, font, size, colour, spacing)

    return draw


def put(canvas, x, y, words, font, size, colour=INK, spacing=0.0) -> None:
    """One line of text with its baseline at `y`."""
    canvas.setFillColorRGB(*colour)
    for face, piece in fonts.runs(words, font):
        canvas.setFont(face, size)
        canvas.drawString(x, y, piece, charSpace=spacing)
        if piece is not words:
            x += canvas.stringWidth(piece, face, size) + spacing * len(piece)


def stack(blocks: list[Block], *, x=0.0) -> Block:
    """Several blocks as one that no page end may cut."""
    def draw(canvas, left, top):
        for block in blocks:
            top -= block.before
            block.draw(canvas, left + x, top)
            top -= block.height

    return Block(sum(b.before + b.height for b in blocks), draw)


def together(blocks: list[Block]) -> list[Block]:
    """The same blocks, kept on one page with each other; the last one as it was."""
    return [*(replace(b, keep=True) for b in blocks[:-1]), *blocks[-1:]]


def heading(words: str, *, size=11.5, before=13.0, level=0) -> list[Block]:
    """A section's title over an ink rule."""
    line = text(words, size=size, bold=True, leading=1.5)[0]
    height = line.height + 1 * MM

    def draw(canvas, left, top):
        line.draw(canvas, left, top)
        rule(canvas, left, top - height, WIDTH, 0.75, INK)

    return [Block(height, draw, before=before, keep=True, mark=(words, level))]


def rule(canvas, x, y, width, weight=0.5, colour=HAIR) -> None:
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(weight)
    canvas.line(x, y, x + width, y)


def paged(blocks: list[Block]) -> list[list[tuple[Block, float]]]:
    """Pages of (block, top). What is kept together moves together, unless it is higher than a page."""
    pages, top = [[]], TOP
    for group in _groups(blocks):
        need = sum(b.before + b.height for b in group)
        if pages[-1] and (group[0].fresh or top - need < BOTTOM):
            pages.append([])
            top = TOP
        for block in group:
            if pages[-1] and top - block.before - block.height < BOTTOM:
                pages.append([])
                top = TOP
            if not pages[-1] and block.head:
                pages[-1].append((replace(block.head, mark=None), top))
                top -= block.head.height
            top -= block.before if pages[-1] else 0
            pages[-1].append((block, top))
            top -= block.height
    return pages


def _groups(blocks):
    group = []
    for block in blocks:
        group.append(block)
        if not block.keep:
            yield group
            group = []
    if group:
        yield group


def paint(canvas, placed: list[tuple[Block, float]]) -> None:
    """One page: the backgrounds first, so that none covers the text of a neighbour."""
    runs = []
    for block, top in placed:
        if block.tint and runs and runs[-1][0] == block.tint:
            runs[-1][2] = top - block.height
        else:
            runs.append([block.tint, top, top - block.height])
    for tint, top, bottom in runs:
        if tint:
            canvas.setFillColorRGB(*TINT)
            canvas.rect(LEFT, bottom - 2.5, WIDTH, top - bottom + 5, stroke=0, fill=1)
            canvas.setFillColorRGB(*INK)
            canvas.rect(LEFT, bottom - 2.5, 2, top - bottom + 5, stroke=0, fill=1)
    for block, top in placed:
        block.draw(canvas, LEFT, top)
