"""The form of signature/1 and statement/1 as phones write them, and what a drawing on glass can be."""

from fieldvisit.bodies import (
    INT32,
    POSITION,
    Misshapen,
    allowing,
    boolean,
    check,
    keys,
    like,
    list_of,
    maybe,
    one_of,
    sha256,
    text,
    username,
    uuid,
    whole,
)

from .rules.affordability import GROUP, MOST_FEN
from .rules.signers import ON_PAPER

MOST_POINTS = 20_000
MOST_CLAUSES = 100
CLAUSE = like(r"[a-z][a-z0-9-]{0,19}")
CODE = like(r"[a-z][a-z:-]{0,39}")
POINT = check(lambda value: isinstance(value, list) and len(value) == 4 and all(type(n) is int for n in value))



def _key_terms(value, where) -> None:
    """{"c3": 5200, …}: how long each key term stood in the middle of the screen."""
    if not isinstance(value, dict) or len(value) > MOST_CLAUSES:
        raise Misshapen(where)
    for clause, ms in value.items():
        CLAUSE(clause, where)
        whole(0, INT32)(ms, f"{where}.{clause}")


# Raises bodies.Misshapen. What these values mean is for the checks; here only that nothing is missing or strange.
SIGNATURE = keys(
    schema=one_of("signature/1"),
    agreement_id=uuid,
    terms_sha256=sha256,
    signer=keys(role=CODE, party=text(64, 1), id_check=CODE, consents=list_of(CODE, 20)),
    display=allowing(
        keys(
            w=whole(1, 20_000), h=whole(1, 20_000), font_px=whole(1, 500), reached_end=boolean,
            visible_ms=whole(0, INT32),
        ),
        key_ms=_key_terms,
    ),
    strokes=keys(
        pad=list_of(whole(1, 10_000_000), 2, 2),
        pointer=one_of("touch", "pen", "mouse"),
        data=list_of(list_of(POINT, MOST_POINTS, 1), MOST_POINTS),
    ),
    collectors=list_of(username, 10),
    location=maybe(POSITION),
    photos=list_of(sha256, 100),
)

MOST_PAGES = 30
# Signed by hand on paper: the photographs of its pages, in their order, stand where a drawing would.
PAPER = keys(
    schema=one_of(ON_PAPER),
    agreement_id=uuid,
    terms_sha256=sha256,
    signer=keys(role=CODE, party=text(64, 1), id_check=CODE),
    ink=one_of("hand", "hand-and-fingerprint"),
    pages=whole(1, MOST_PAGES),
    collectors=list_of(username, 10),
    photos=list_of(sha256, MOST_PAGES, 1),
)

MOST_PEOPLE = 30


def _figures(value, where) -> None:
    """Each item once; a photo is named where a document is the source, and only there."""
    list_of(FIGURE, len(GROUP))(value, where)
    if len({figure["item"] for figure in value}) < len(value):
        raise Misshapen(where)
    for place, figure in enumerate(value):
        if (figure["source"] == "document") != (figure["photo"] is not None):
            raise Misshapen(f"{where}.{place}.photo")


FIGURE = keys(
    item=one_of(*GROUP), fen=whole(0, MOST_FEN), source=one_of("said", "seen", "document"), photo=maybe(sha256)
)
STATEMENT = keys(
    declined=boolean,
    figures=_figures,
    dependants=keys(**{who: whole(0, MOST_PEOPLE) for who in ("children", "elders", "others")}),
    supersedes=maybe(uuid),
)


def possible(strokes: dict) -> bool:
    """Points inside the pad, time never going back, something drawn. A single stroke is a name too: 一."""
    width, height = strokes["pad"]
    last, points = -1, 0
    for stroke in strokes["data"]:
        for x, y, t, pressure in stroke:
            if not (0 <= x <= width and 0 <= y <= height and t >= last and 0 <= pressure <= 1000):
                return False
            last, points = t, points + 1
    return points >= 2


def few_strokes(strokes: dict) -> bool:
    """Fewer than 8 points or under 150 ms: worth a look, no reason to refuse."""
    points = [point for stroke in strokes["data"] for point in stroke]
    return len(points) < 8 or points[-1][2] - points[0][2] < 150
