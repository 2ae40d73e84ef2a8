"""From the phone's events to a sealed paper, in whatever order they come."""

import itertools
import random
import subprocess

import pytest

from agreements import timestamps
from agreements.models import Agreement, Sealed, Signature, State
from fieldvisit import history, record, wire
from tests.cast import NOW

from .conftest import signature


def the_agreement():
    return Agreement.objects.get()


def test_a_signed_visit_ends_in_a_sealed_paper(agreed, tell, deliver, visit):
    tell(agreed())
    assert {v["status"] for v in deliver()} == {"applied"}
    agreement = the_agreement()
    assert (agreement.state, agreement.codes) == (State.SEALED, [])
    with agreement.sealed.pdf.open() as file:
        assert timestamps.verify(file.read()).ok
    assert "agreement.sealed" in [line["action"] for line in record.timeline(visit.case)]
    assert record.verify(visit.case) == []


def test_the_paper_says_name_sum_and_every_instalment(agreed, tell, deliver, tmp_path):
    agreement = agreed()
    tell(agreement)
    deliver()
    paper = tmp_path / "paper.pdf"
    with Sealed.objects.get().pdf.open() as file:
        paper.write_bytes(file.read())
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    assert "朵拉" in text
    assert "8,011.50" in text
    assert "捌仟零壹拾壹元伍角整" in text
    for row in agreement["schedule"]:
        assert row["due"] in text
    said = subprocess.run(["pdfsig", paper], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_nothing_is_sealed_before_the_visit_is_complete(agreed, tell, deliver):
    events = tell(agreed())
    deliver(events[:-1])
    assert the_agreement().state == State.COLLECTING
    deliver(events[-1:])
    assert the_agreement().state == State.SEALED


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        ({"c3": 5200, "c11a": 0}, []),
        ({"c3": -1}, ["agreement.malformed"]),
        ({"C3 ": 5}, ["agreement.malformed"]),
        ([5200], ["agreement.malformed"]),
        ({f"c{n}": 5 for n in range(101)}, ["agreement.malformed"]),
    ],
)
def test_how_long_each_key_term_was_seen_is_evidence(agreed, tell, deliver, seen, codes):
    agreement = agreed()
    signed = signature(agreement)
    signed["display"]["key_ms"] = seen
    tell(agreement, signed=[signed])
    deliver()
    row = the_agreement()
    assert row.codes == codes
    if not codes:
        assert wire.parse(bytes(Signature.objects.get().body))["display"]["key_ms"] == seen


ORDERS = list(itertools.permutations(range(6)))


@pytest.mark.parametrize("order", random.Random(7).sample(ORDERS, 12))
def test_events_may_come_in_any_order(agreed, tell, deliver, order):
    events = tell(agreed())
    for place in order:
        deliver([events[place]])
    assert the_agreement().state == State.SEALED


def test_a_repeat_seals_nothing_twice(agreed, tell, deliver):
    events = list(tell(agreed()))
    deliver(events)
    deliver(events)
    assert Sealed.objects.count() == Signature.objects.count() == 1


def test_a_plan_that_nobody_signed_is_dropped_and_the_signed_one_sealed(agreed, tell, deliver, phone, visit):
    phone.append("agreement.proposed/1", {"agreement": agreed(instalments=6)}, visit=visit)
    tell(agreed(instalments=24))
    deliver()
    assert sorted(Agreement.objects.values_list("state", flat=True)) == [State.DROPPED, State.SEALED]


def test_refusing_with_a_reason_is_an_outcome(agreed, deliver, phone, visit):
    agreement = agreed()
    phone.started(visit)
    proposal = phone.append("agreement.proposed/1", {"agreement": agreement}, visit=visit)
    body = {"agreement_id": agreement["agreement_id"], "terms_sha256": signature(agreement)["terms_sha256"],
            "reason": "wants_time", "text": "要和家里商量"}  # fmt: skip
    phone.append("signature.refused/1", body, visit=visit, depends_on=[proposal])
    phone.ended(visit)
    deliver()
    assert (the_agreement().state, the_agreement().refusal) == (State.REFUSED, "wants_time: 要和家里商量")
    assert not Sealed.objects.exists()


def test_refusing_before_any_text_was_shown(deliver, phone, visit, offer):
    phone.started(visit)
    body = {"agreement_id": None, "terms_sha256": None, "reason": "no_reason", "text": ""}
    phone.append("signature.refused/1", body, visit=visit)
    phone.ended(visit)
    assert {v["status"] for v in deliver()} == {"applied"}


def test_in_english_too(agreed, tell, deliver):
    tell(agreed(language="en", method="equal-instalment/1"))
    deliver()
    assert (the_agreement().state, the_agreement().codes) == (State.SEALED, [])


def test_every_line_of_the_record_has_its_words(agreed, tell, deliver, visit, phone):
    for n, reason in enumerate(("cannot_pay", "disputes")):
        agreement = agreed(instalments=6 + n)
        tell.sign(agreement, signed=[])
        body = {"agreement_id": agreement["agreement_id"], "terms_sha256": None, "reason": reason, "text": ""}
        phone.append("signature.refused/1", body, visit=visit)
    tell.sign(agreed(instalments=12), signed=[])
    tell(agreed(instalments=24))
    deliver()
    lines = history.of_cases([visit.case], NOW)[visit.case_id]
    assert {"agreement.refused", "agreement.dropped", "agreement.ready", "agreement.sealed"} <= {
        line["action"] for line in lines
    }
    assert [line["action"] for line in lines if line["title"] == line["action"]] == []
