"""Nothing that differs from what was sealed is ever called genuine: each known attack, on each kind of paper."""

import io
import os
import random

import pikepdf
import pytest

from agreements import pades, pdf
from tests.agreements import attacks, seals

PAPERS = {"B-T": seals.stamped, "B-LTA": seals.archived}
ATTACKS = {**attacks.UPDATES, **attacks.RAW}
FULL = os.environ.get("SOAK") == "1"


def judge(paper):
    return pades.verify(paper, **seals.roots())


def test_there_are_at_least_eighty_six():
    assert len(ATTACKS) * len(PAPERS) + len(attacks.UPDATES) >= 86
    assert len(attacks.UPDATES) >= 12


@pytest.mark.parametrize("level", PAPERS)
def test_before_the_attacks_they_are_genuine(level):
    found = judge(PAPERS[level]())
    assert (found.ok, found.level, found.whole_file) == (True, level, True)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("level", PAPERS)
def test_it_is_refused(level, attack):
    paper = PAPERS[level]()
    attacked = ATTACKS[attack](paper)
    assert attacked != paper
    found = judge(attacked)
    assert not found.ok, attack
    assert found.reason


@pytest.mark.parametrize("attack", attacks.UPDATES)
def test_a_timestamp_of_an_authority_that_we_trust_makes_no_update_good(attack):
    """A public authority stamps whatever it is sent: its time over a changed paper proves the change."""
    found = judge(attacks.timestamped(attacks.UPDATES[attack](seals.stamped())))
    assert not found.ok, attack
    assert found.reason in ("not_whole_file", "not_certified", "several_signatures", "unreadable", "unsigned")


@pytest.mark.parametrize("attack", [name for name in attacks.UPDATES if name != "nothing_at_all"])
def test_nor_does_one_in_the_same_revision(attack):
    """The change and the timestamp in one update, so that each revision ends in a timestamp, as ours do."""

    class Changed(attacks.Writer):
        def __init__(self, paper):
            super().__init__(paper)
            attacks.UPDATES[attack].change(self)

    try:
        attacked = attacks.timestamped(seals.stamped(), writer=Changed)
    except Exception as error:
        pytest.fail(f"the attack itself failed: {error!r}") if attack not in SELF_DEFEATING else None
        return
    assert not judge(attacked).ok, attack


# A seal without its field or its permission leaves pyHanko nothing to put a timestamp behind.
SELF_DEFEATING = {"the_seal_taken_off_its_field", "the_seal_pointed_elsewhere"}


def test_hide_and_replace_from_the_time_before_the_seal():
    """The paper was prepared: a second content lies in it, unused, sealed with it. Afterwards only the table of
    contents is changed, so that a page shows it; every sealed byte is still there."""
    with pikepdf.open(io.BytesIO(seals.drawn().pdf)) as prepared:
        shadow = prepared.make_indirect(pikepdf.Stream(prepared, attacks.RED))
        prepared.Root.Shadow = shadow
        out = io.BytesIO()
        prepared.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, force_version="1.7")
    paper = pades.seal(out.getvalue(), signer=seals.signer(seals.folder("seal")), reason="x", location="CN",
                       page=seals.drawn().seal_page, box=seals.drawn().seal_box, stamp=pdf.stamp("甲银行"))  # fmt: skip
    assert judge(paper).ok

    @attacks.update
    def shown(writer):
        attacks.first_page(writer)[attacks.pdf_name("/Contents")] = writer.root.raw_get("/Shadow")

    del attacks.UPDATES["shown"]
    for attacked in (shown(paper), attacks.timestamped(shown(paper))):
        assert attacked.startswith(paper)
        assert judge(attacked).reason == "not_whole_file"


@pytest.mark.parametrize("level", PAPERS)
def test_one_flipped_bit_anywhere_is_refused(level):
    """A seeded sample; 5,000 places with SOAK=1. The gaps, which nothing signs, get their own share."""
    paper, rng = PAPERS[level](), random.Random(20261124)
    many = 2500 if FULL else 60
    gaps, at = [], paper.find(b"<3082")
    while at >= 0:
        gaps.append(at)
        at = paper.find(b"<3082", at + 1)
    places = rng.sample(range(len(paper)), many)
    places += [gap + rng.randrange(5200) for gap in gaps for _ in range(many // 2)]
    for place in places:
        altered = bytearray(paper)
        altered[place] ^= 1 << rng.randrange(8)
        assert not judge(bytes(altered)).ok, place
