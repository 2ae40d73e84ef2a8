"""Tables as blocks: a head that returns on every page, aligned figures, rows that are never cut."""

from agreements.paper import EDGE, GREY, HAIR, INK, MM, SUNK, WIDTH, Block, rule, stack, text

PAD = 2 * MM
LABEL = 32 * MM


def grid(head: list[str], rows: list[list[str]], *, widths: list[float], aligns: str, total: list[str] | None = None,
         size=9.5, before=4.0) -> list[Block]:
    """A ruled table. `widths` are shares of the page width; `aligns` one letter a column: l, c or r.

    The head keeps two rows with it, and the total two rows above it.
    """
    columns = [WIDTH * w / sum(widths) for w in widths]
    top = _row(head, columns, "c" * len(head), size, bold=True, fill=True)
    last = len(rows) - 1
    blocks = [Block(top.height, top.draw, before=before, keep=True)]
    for i, cells in enumerate(rows):
        row = _row(cells, columns, aligns, size)
        keep = (i == 0 and last > 0) or i == last - 1 or (i == last and total is not None)
        blocks.append(Block(row.height, row.draw, keep=keep, head=top))
    if total is not None:
        row = _row(total, columns, aligns, size, bold=True, ink=True)
        blocks.append(Block(row.height, row.draw, head=top))
    return blocks


def _row(cells, columns, aligns, size, bold=False, fill=False, ink=False) -> Block:
    """None in `cells` joins its column to the one before; a capital in `aligns` is bold."""
    names = {"l": "left", "c": "middle", "r": "right"}
    spans = [[i, w] for i, (cell, w) in enumerate(zip(cells, columns, strict=True)) if cell is not None]
    for i, cell in enumerate(cells):
        if cell is None:
            max((s for s in spans if s[0] < i), key=lambda s: s[0])[1] += columns[i]
    columns = [w for _, w in spans]
    inner = [stack(text(cells[i], size=size, leading=1.5, bold=bold or aligns[i].isupper(), width=w - 2 * PAD,
                        align=names[aligns[i].lower()])) for i, w in spans]
    height = max(b.height for b in inner) + 2.1 * MM

    def draw(canvas, left, top):
        x = left
        for block, w in zip(inner, columns, strict=True):
            canvas.setStrokeColorRGB(*EDGE)
            canvas.setFillColorRGB(*SUNK)
            canvas.setLineWidth(0.5)
            canvas.rect(x, top - height, w, height, stroke=1, fill=int(fill))
            block.draw(canvas, x + PAD, top - 1.05 * MM)
            x += w
        if ink:
            rule(canvas, left, top, WIDTH, 1, INK)

    return Block(height, draw)


def boxed(paragraphs: list[str], *, size=9.5) -> Block:
    """A full-width cell in bold under a grid, as its last row."""
    inner = stack([line for words in paragraphs
                   for line in text(words, size=size, leading=1.5, bold=True, width=WIDTH - 2 * PAD)])
    height = inner.height + 2.1 * MM

    def draw(canvas, left, top):
        canvas.setStrokeColorRGB(*EDGE)
        canvas.setLineWidth(0.5)
        canvas.rect(left, top - height, WIDTH, height, stroke=1, fill=0)
        inner.draw(canvas, left + PAD, top - 1.05 * MM)

    return Block(height, draw)


def plain(pairs: list[tuple[str, str | list[str]]], *, size=10, before=2.0) -> list[Block]:
    """Label and value, a hair line between; a value may be a list of lines. The first two rows stay together."""
    blocks = []
    for i, (label, value) in enumerate(pairs):
        lines = [line for item in ([value] if isinstance(value, str) else value)
                 for line in text(item, size=size, leading=1.5, x=LABEL, width=WIDTH - LABEL)]
        name = text(label, size=size, leading=1.5, colour=GREY, width=LABEL - PAD)
        blocks.append(_pair(name, lines, i > 0, before if i == 0 else 0, keep=i == 0 and len(pairs) > 1))
    return blocks


def _pair(name, lines, ruled, before, keep) -> Block:
    left_side, right_side = stack(name), stack(lines)
    height = max(left_side.height, right_side.height) + 2 * 1.05 * MM

    def draw(canvas, left, top):
        if ruled:
            rule(canvas, left, top, WIDTH, 0.5, HAIR)
        left_side.draw(canvas, left, top - 1.05 * MM)
        right_side.draw(canvas, left, top - 1.05 * MM)

    return Block(height, draw, before=before, keep=keep)
