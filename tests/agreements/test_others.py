"""Who signs beside the debtor: each for himself, all of them or nobody, and what the law does not let them sign."""

import itertools
import random
import subprocess
from datetime import date

import pytest
import rfc8785
from uuid6 import uuid7

from agreements import proposals, timestamps
from agreements.models import Agreement, Sealed, State
from agreements.rules import document, signers, wording
from fieldvisit import wire
from fieldvisit.models import Case, Debt, Party
from tests.cast import NOW
from tests.vectors.make_rules import OTHERS

from .conftest import signature, strokes

CHOICE = {"method": "interest-free/1", "instalments": 12, "anchor_day": 25, "interest_from": "2026-11-24",
          "first_due": "2026-12-25"}  # fmt: skip
PEOPLE = [each | {"party": str(uuid7())} if each["role"] != "collector" else each for each in OTHERS]
PEOPLE[-2:] = [{"role": "collector", "party": name, "name": name.title()} for name in ("ana", "bruno")]


@pytest.fixture
def together(offer):
    """together([person, …]) → agreement/1 that names them."""

    def build(others, an_offer=None):
        row = an_offer or offer
        sets = wording.load("cn-repayment"), wording.load("cn-rights")
        return document.build(wire.parse(bytes(row.body)), CHOICE, *sets, "zh-hans", str(uuid7()), offer_sig=row.sig,
                              canonical=rfc8785.dumps, others=others)  # fmt: skip

    return build


def hands(agreement, *, without=None, **changes):
    """A signature of everybody who must, each with a drawing of his own and his own consents."""
    debtor, *rest = agreement["required_signers"]
    found = [signature(agreement | {"required_signers": [debtor]})]
    for n, signer in enumerate(rest, 1):
        person = next(each for each in agreement["parties"]["others"] if each["party"] == signer["party"])
        made = signature(agreement | {"required_signers": [signer]}, strokes=strokes(n))
        liable = ["no-duress", "copy-received"] if person["role"] in signers.LIABLE else []
        made["signer"]["consents"] = ["electronic-form", "read", "location", *liable, f"as:{signers.kind(person)}"]
        found.append(made | changes)
    return [each for each in found if each["signer"]["role"] != without]


def state():
    row = Agreement.objects.get()
    return row.state, row.codes


def test_all_who_are_named_sign_and_the_paper_shows_each(together, tell, deliver, tmp_path):
    agreement = together(PEOPLE)
    tell(agreement, signed=hands(agreement))
    deliver()
    assert state() == (State.SEALED, [])
    with Sealed.objects.get().pdf.open() as file:
        paper = file.read()
    assert timestamps.verify(paper).ok
    (tmp_path / "paper.pdf").write_bytes(paper)
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "paper.pdf", "-"], capture_output=True, text=True).stdout
    named = ("共同债务人", "保证人", "配偶", "翻译", "催收员", "彝语", "Bruno", "连带责任保证", "2028 年 5 月 25 日")
    assert [words for words in named if words not in text] == []
    assert text.count("傅强") >= 8  # parties, clause and box of each


@pytest.mark.parametrize("order", random.Random(3).sample(list(itertools.permutations(range(7))), 5))
def test_it_collects_until_all_are_here_whatever_comes_first(together, tell, deliver, order):
    agreement = together(PEOPLE[:2])
    events = tell(agreement, signed=hands(agreement))
    for place in order[:-1]:
        deliver([events[place]])
        assert not Sealed.objects.exists()
    deliver(events)
    assert state() == (State.SEALED, [])


@pytest.mark.parametrize(
    "code",
    ["seal.unsigned.debtor", "seal.unsigned.co-debtor", "seal.unsigned.guarantor", "seal.unsigned.spouse",
     "seal.unsigned.interpreter", "seal.unsigned.collector"],
)  # fmt: skip
def test_nobody_may_be_missing(together, tell, deliver, code):
    agreement = together(PEOPLE)
    tell(agreement, signed=hands(agreement, without=code.rsplit(".", 1)[1]))
    deliver()
    assert state() == (State.HELD, [code])


@pytest.mark.parametrize("n", range(len(PEOPLE)))
def test_each_confirms_what_he_signs_as(together, tell, deliver, n):
    agreement = together([PEOPLE[n]])
    signed = hands(agreement)
    signed[1]["signer"]["consents"].pop()
    tell(agreement, signed=signed)
    deliver()
    assert state() == (State.HELD, ["seal.consents"])


def test_one_hand_for_two_is_a_copy(together, tell, deliver):
    agreement = together(PEOPLE[:1])
    first, second = hands(agreement)
    tell(agreement, signed=[first, second | {"strokes": first["strokes"]}])
    deliver()
    assert state() == (State.HELD, ["seal.strokes_copied"])


@pytest.mark.parametrize("first", [True, False])
def test_one_who_refuses_ends_it_for_all(together, deliver, tell, phone, visit, first):
    agreement = together(PEOPLE[:2])
    events = tell(agreement, signed=hands(agreement, without="guarantor"))
    ended = events.pop()
    guarantor = PEOPLE[1]
    said = phone.append("signature.refused/1", {
        "agreement_id": agreement["agreement_id"], "terms_sha256": None, "reason": "other", "text": "太多了",
        "signer": {"role": "guarantor", "party": guarantor["party"]}}, visit=visit)  # fmt: skip
    ended = phone.ended(visit)
    deliver([said, *events] if first else [*events, said])
    deliver([ended])
    row = Agreement.objects.get()
    assert (row.state, row.refusal) == (State.REFUSED, f"{guarantor['name']}: other: 太多了")


def test_who_has_signed_and_refused_is_looked_at_by_a_person(together, deliver, tell, phone, visit):
    agreement = together(PEOPLE[:1])
    phone.append("signature.refused/1", {
        "agreement_id": agreement["agreement_id"], "terms_sha256": None, "reason": "other", "text": "",
        "signer": {"role": "co-debtor", "party": PEOPLE[0]["party"]}}, visit=visit)  # fmt: skip
    tell(agreement, signed=hands(agreement))
    deliver()
    assert state() == (State.HELD, ["seal.refused"])


def test_only_who_was_there_signs_as_a_collector(together, tell, deliver, xu):
    agreement = together([{"role": "collector", "party": "xu", "name": "Xu"}])
    tell(agreement, signed=hands(agreement))
    deliver()
    assert state() == (State.HELD, ["signer.collector"])


# --- an earlier guarantor of the case


@pytest.fixture
def guarantor(dora, policy, visit):
    """guarantor(term_months) → (the offer, the person as it names him): the loan of January 2018 ran so long."""

    def make(term_months):
        Debt.objects.filter(case=dora).update(term_months=term_months, due_since=date(2026, 1, 1))
        Party.objects.create(case=dora, role="guarantor", name="傅强", id_number="330105197804224012")
        Case.objects.filter(pk=dora.pk).update(version=dora.version + 1)  # as an import does
        row = proposals.offer_for(dora, now=NOW)
        (person,) = wire.parse(bytes(row.body))["people"]
        return row, person

    return make


def test_a_guarantee_that_still_runs_keeps_its_period(guarantor, together, tell, deliver):
    row, person = guarantor(104)  # September 2026: to 1 March 2027
    assert person["guarantee"] == {"until": "2027-03-01", "ended": False}
    kept = person | {"relation": "兄弟", "guarantee": {"kind": "stands", "until": "2027-03-01"}}
    agreement = together([kept], row)
    tell(agreement, signed=hands(agreement))
    deliver()
    assert state() == (State.SEALED, [])


def test_after_its_period_a_guarantor_is_not_asked(guarantor, together, tell, deliver):
    row, person = guarantor(96)  # January 2026
    assert person["guarantee"]["ended"]
    agreement = together([PEOPLE[1] | {name: person[name] for name in ("party", "name", "id_masked")}], row)
    tell(agreement, signed=hands(agreement))
    deliver()
    assert state() == (State.HELD, ["guarantee.ended"])


def test_the_reviewer_sees_who_has_signed_and_who_has_not(together, tell, deliver, visit, olga, sign_in):
    agreement = together(PEOPLE[:2])
    tell(agreement, signed=hands(agreement, without="guarantor"))
    deliver()
    text = sign_in(olga).get(f"/office/visits/{visit.pk}/").content.decode()
    assert "共同债务人 · 傅强" in text and "保证人 · 傅强" in text
    assert text.count("没有签名<") == 1


def test_the_server_weighs_a_guarantee_again_whatever_the_phone_let_pass(together, tell, deliver):
    too_much = PEOPLE[1]["guarantee"] | {"most_fen": 801151, "until": "2027-11-25"}
    agreement = together([PEOPLE[1] | {"guarantee": too_much}])
    tell(agreement, signed=hands(agreement))
    deliver()
    assert state() == (State.HELD, ["guarantee.most", "guarantee.until"])
