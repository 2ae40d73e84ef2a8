"""Strokes and codes as vector blocks: the hand of a signer, and the square that opens the debtor's page."""

import math

import segno

from agreements.paper import INK, MM, Block

_THIN, _THICK = 0.7, 2.1


def signature(strokes: dict, *, width: float, height: float) -> Block:
    """The strokes of signature/1 fitted into `width` by `height` points, as ink that thins where the hand was quick."""
    points = [p for stroke in strokes["data"] for p in stroke]
    if not points:
        return Block(height, lambda canvas, x, top: None)
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    upper, lower = min(p[1] for p in points), max(p[1] for p in points)
    pad_w, pad_h = strokes["pad"]
    # Twice the whole pad at most: a single 一 must not grow into a beam.
    scale = min(width / max(right - left, 1), height / max(lower - upper, 1), 2 * min(width / pad_w, height / pad_h))
    drop = (height - (lower - upper) * scale) / 2

    def draw(canvas, x, top):
        canvas.saveState()
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        canvas.setStrokeColorRGB(*INK)
        canvas.setFillColorRGB(*INK)
        for stroke in strokes["data"]:
            _stroke(canvas, [(x + (px - left) * scale, top - drop - (py - upper) * scale, t, p)
                             for px, py, t, p in stroke])
        canvas.restoreState()

    return Block(height, draw)


def _stroke(canvas, points) -> None:
    if len(points) == 1:
        canvas.circle(points[0][0], points[0][1], _THICK / 2, stroke=0, fill=1)
        return
    pen = (_THIN + _THICK) / 2
    path, drawn = None, None
    for i in range(len(points) - 1):
        a, b = points[i], points[i + 1]
        pen += (_pen(a, b) - pen) * 0.35
        weight = round(pen, 1)
        if weight != drawn:
            if path:
                canvas.drawPath(path, stroke=1, fill=0)
            path, drawn = canvas.beginPath(), weight
            canvas.setLineWidth(weight)
            path.moveTo(a[0], a[1])
        # Catmull-Rom through the recorded points: the curve passes where the finger was.
        before, after = points[max(i - 1, 0)], points[min(i + 2, len(points) - 1)]
        path.curveTo(a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6,
                     b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6, b[0], b[1])
    canvas.drawPath(path, stroke=1, fill=0)


def _pen(a, b) -> float:
    """Line width in points from speed (points a millisecond) and, where the screen measures it, pressure."""
    speed = math.dist(a[:2], b[:2]) / max(b[2] - a[2], 1)
    weight = _THICK - (_THICK - _THIN) * min(speed / 0.35, 1)
    pressure = b[3] / 1000
    return weight if pressure in (0, 0.5) else weight * (0.6 + 0.8 * pressure)


def square(payload: str, *, side: float) -> Block:
    """A QR code (level M, quiet zone of one module inside `side`; the page around it is white)."""
    rows = [bytes(row) for row in segno.make(payload, error="m", micro=False).matrix]
    module = side / (len(rows) + 2)

    def draw(canvas, x, top):
        path = canvas.beginPath()
        for j, row in enumerate(rows):
            i = 0
            while i < len(row):
                run = len(row[i:]) - len(row[i:].lstrip(b"\x01"))
                if run:
                    path.rect(x + (i + 1) * module, top - (j + 2) * module, run * module, module)
                i += run or 1
        canvas.setFillColorRGB(*INK)
        canvas.drawPath(path, stroke=0, fill=1)

    return Block(side, draw)


SIGN_W, SIGN_H = 50 * MM, 14 * MM
