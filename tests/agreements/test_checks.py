"""Whatever a phone may send: only what the server would have written itself is sealed, and it says why not."""

import copy
import random
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest
import rfc8785
from uuid6 import uuid7

from agreements import proposals, shapes
from agreements.models import Agreement, Offer, Sealed, State
from agreements.problems import PROBLEMS
from agreements.rules import document, wording
from fieldvisit import wire
from fieldvisit.models import Assignment, Case, Debt, Device, Event, Mandate, Party
from tests.cast import NOW, TODAY
from tests.phone import Phone

from .conftest import STROKES, signature, strokes

CHOICE = {"method": "interest-free/1", "instalments": 12, "anchor_day": 25, "interest_from": "2026-11-24",
          "first_due": "2026-12-25"}  # fmt: skip


def put(doc, path, value):
    """A copy of doc with another value at "a.0.b"; ... deletes."""
    doc = copy.deepcopy(doc)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = doc
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return doc


def dishonest(offer, choice=(), **offered):
    """What a phone builds that changed the offer, or chose beyond it: plan, text and hash fit each other."""
    body = wire.parse(bytes(offer.body))
    for path, value in offered.items():
        body = put(body, path.replace("__", "."), value)
    sets = wording.load("cn-repayment"), wording.load("cn-rights")
    return document.build(body, CHOICE | dict(choice), *sets, "zh-hans", str(uuid7()), offer_sig=offer.sig,
                          canonical=rfc8785.dumps)  # fmt: skip


@pytest.fixture
def judged(tell, deliver):
    """judged(agreement) → the codes for which it is held after the whole visit came in; [] when it was sealed."""

    def codes(agreement, **how):
        tell(agreement, **how)
        assert {v["status"] for v in deliver()} == {"applied"}
        return verdict(agreement)

    return codes


@pytest.fixture
def judged_after(tell, deliver):
    """judged_after(agreement, change): the same, but something happens before the last event arrives."""

    def codes(agreement, change, **how):
        events = tell(agreement, **how)
        deliver(events[:-1])
        change()
        deliver(events[-1:])
        return verdict(agreement)

    return codes


def verdict(agreement):
    row = Agreement.objects.get(pk=agreement["agreement_id"])
    assert (row.state == State.SEALED) == Sealed.objects.filter(agreement=row).exists() == (row.codes == [])
    assert row.state in (State.SEALED, State.HELD)
    return row.codes


# --- the phone lies about the text


@pytest.mark.parametrize(
    ("path", "value", "codes"),
    [
        ("schedule.0.amount_fen", 66761, ["seal.schedule", "seal.text", "offer.terms"]),
        ("schedule.11.due", "2027-11-26", ["seal.schedule", "seal.text", "offer.terms"]),
        ("schedule", [], ["seal.schedule", "seal.text", "offer.terms"]),
        ("rendered_text.0.text", "什么都不欠。", ["seal.text"]),
        ("rendered_text.0.key", True, ["seal.text"]),
        ("rendered_text", [], ["seal.text"]),
        ("language", "en", ["seal.text"]),
        ("offer_sig", "A" * 86, ["seal.offer_signature"]),
        ("offer_id", "01938f1a-5c00-7000-8000-0000000000a2", ["seal.offer_unknown"]),
        ("parties.debtor.name", "朵拉拉", ["seal.text", "seal.parties"]),
        ("parties.debtor.nickname", "小朵", ["seal.parties"]),
        ("terms.annual_rate_ppm", 60000, ["seal.schedule", "seal.text", "offer.terms"]),
        ("supersedes", "01938f1a-5c00-7000-8000-0000000000a3", ["seal.supersedes"]),
        ("affordability", {"income_fen": 1}, ["seal.affordability"]),
        ("clauses.version", 99, ["seal.clauses", "seal.text"]),
        ("clauses.version", True, ["seal.clauses", "seal.text"]),
        ("clauses.version", "x" * 300, ["seal.clauses", "seal.text"]),
        ("clauses.id", "cn-rights", ["seal.clauses", "seal.text"]),
        ("clauses.id", "x" * 300, ["seal.clauses", "seal.text"]),
        ("clauses.id", "../clauses/cn-repayment", ["seal.clauses", "seal.text"]),
        ("clauses.sha256", "0" * 64, ["seal.clauses"]),
        ("rights_card.version", 2, ["seal.clauses"]),
        ("rights_card.sha256", "0" * 64, ["seal.rights"]),
    ],
)
def test_a_text_that_the_server_would_not_have_written(agreed, judged, path, value, codes):
    assert judged(put(agreed(), path, value)) == codes


def test_a_card_that_is_not_known_stands_for_itself(agreed, judged):
    assert judged(put(agreed(), "rights_card.id", "us-rights")) == ["seal.clauses"]


# --- the phone goes beyond the offer, and plan, text and hash fit each other


@pytest.mark.parametrize(
    ("offered", "choice", "codes"),
    [
        ({"balance__principal_fen": 817585}, {}, ["offer.balance", "seal.ledger"]),
        ({"balance__penalty_fen": 0}, {}, ["offer.balance", "seal.ledger"]),
        ({"balance__as_of": "2026-11-23"}, {}, ["offer.balance"]),
        ({"parties__creditor__account_tail": "9999"}, {}, ["seal.parties"]),
        ({"parties__debtor__address": "别处"}, {}, ["seal.parties"]),
        ({"annual_rate_ppm": 240000}, {"method": "equal-instalment/1"}, ["offer.rate"]),
        ({"annual_rate_ppm": 240001}, {"method": "equal-instalment/1"}, ["offer.rate", "offer.ceiling"]),
        ({"deferral": {"most_months": 3, "interest": "none"}}, {"deferral_months": 2}, ["offer.deferral"]),
        ({}, {"method": "balloon/1", "steps": [{"count": 11, "fen": 12000}]}, ["offer.method", "offer.balloon"]),
        ({"largest_reduction_fen": 10**6}, {"reduction_fen": 10000}, ["offer.reduction"]),
        ({"default__missed": 1}, {}, ["offer.terms"]),
        ({"cooling_off_days": 1}, {}, ["offer.terms"]),
        ({}, {"interest_from": "2026-11-23"}, ["offer.terms"]),
        ({}, {"instalments": 37}, ["offer.too_many"]),
        ({}, {"first_due": "2027-03-25"}, ["offer.first_due"]),
        ({}, {"first_due": "2026-11-24", "anchor_day": 24}, ["offer.first_due"]),
    ],
)
def test_terms_beyond_the_offer(offer, judged, offered, choice, codes):
    assert judged(dishonest(offer, choice, **offered)) == codes


def test_signers_that_the_offer_does_not_name(offer, judged):
    doc = dishonest(offer, required_signers=[{"role": "guarantor", "party": "somebody"}])
    assert judged(doc) == ["seal.parties"]


def test_an_instalment_that_is_too_small(policy, visit, judged):
    policy.least_fen = 100_000
    policy.save()
    assert judged(dishonest(proposals.offer_for(visit.case, now=NOW))) == ["offer.too_small"]


def test_a_way_of_paying_that_was_not_offered(policy, visit, judged):
    policy.methods = ["equal-instalment/1"]
    policy.save()
    assert judged(dishonest(proposals.offer_for(visit.case, now=NOW))) == ["offer.method"]


def test_an_offer_that_has_expired(agreed, judged, phone):
    day = TODAY + timedelta(days=15)
    phone.now = NOW + timedelta(days=15)
    assert judged(agreed(day=day)) == ["offer.expired"]


def test_the_last_day_of_an_offer_is_a_day(agreed, judged, phone):
    phone.now = NOW + timedelta(days=14)
    assert judged(agreed(day=TODAY + timedelta(days=14))) == []


def test_before_the_offer(agreed, judged, phone):
    phone.now = NOW - timedelta(days=1)
    codes = judged(agreed(day=TODAY - timedelta(days=1)))
    assert {"offer.not_yet", "seal.clock", "seal.authority", "seal.clauses"} <= set(codes)


def test_the_offer_of_another_case(policy, make_case, visit, judged):
    other = make_case("别人")
    assert judged(dishonest(proposals.offer_for(other, now=NOW))) == ["seal.offer_unknown"]


def test_an_offer_that_was_changed_in_the_database(agreed, offer, judged_after):
    def inflate():
        Offer.objects.update(body=bytes(offer.body).replace(b'"most_months":36', b'"most_months":99'))

    assert judged_after(agreed(), inflate) == ["seal.offer_signature"]


# --- the signature


@pytest.mark.parametrize(
    ("path", "value", "codes"),
    [
        ("signer.consents", ["electronic-form", "read", "copy-received"], ["seal.consents"]),
        ("signer.consents", [], ["seal.consents"]),
        # a position without its own consent
        ("signer.consents", ["electronic-form", "read", "no-duress", "copy-received"], ["seal.consents"]),
        ("display.reached_end", False, ["seal.not_read"]),
        ("display.reached_end", 1, ["agreement.malformed", "seal.not_read"]),
        ("terms_sha256", "0" * 64, ["seal.terms_hash"]),
        ("signer.party", "somebody", ["seal.unsigned.debtor", "seal.signer"]),
        ("signer.role", "guarantor", ["seal.unsigned.debtor", "seal.signer"]),
        ("photos", ["0" * 64], ["seal.photos"]),
        ("photos", {}, ["agreement.malformed"]),
        ("strokes.data", [], ["seal.strokes"]),
        ("strokes.data.0.3", [35801, 100, 48, 500], ["seal.strokes"]),
        ("strokes.data.0.3", [100, -1, 48, 500], ["seal.strokes"]),
        ("strokes.data.0.3", [100, 100, 47, 500], []),
        ("strokes.data.0.3", [100, 100, 31, 500], ["seal.strokes"]),
        ("strokes.data.1.0", [100, 100, 20, 500], ["seal.strokes"]),
        ("strokes.data.0.3", [100, 100, 48, 1001], ["seal.strokes"]),
        ("strokes.data", [[[100, 100, 0, 500]]], ["seal.strokes"]),
        ("strokes.data.1", [], ["agreement.malformed"]),
        ("strokes.data.0.3", [100, 100, 48], ["agreement.malformed", "seal.strokes"]),
        ("device", {}, ["agreement.malformed"]),
        ("display", ..., ["agreement.malformed", "seal.signer"]),
    ],
)
def test_a_signature_that_does_not_hold(agreed, judged, path, value, codes):
    agreement = agreed()
    assert judged(agreement, signed=[put(signature(agreement), path, value)]) == codes


def test_one_stroke_is_a_name(agreed, judged):
    agreement, one = agreed(), [[[5000 + 100 * i, 8000, 15 * i, 500] for i in range(6)]]
    signed = put(signature(agreement), "strokes.data", one)
    assert shapes.few_strokes(signed["strokes"])
    assert not shapes.few_strokes(STROKES)
    assert judged(agreement, signed=[signed]) == []


def test_a_drawing_copied_from_an_earlier_agreement(agreed, tell, deliver):
    first, second = agreed(instalments=6), agreed(instalments=12)
    tell.sign(first)
    tell(second)
    deliver()
    assert verdict(second) == verdict(first) == ["seal.strokes_copied"]


def test_signed_twice(agreed, judged):
    agreement = agreed()
    twice = [signature(agreement, strokes=strokes(n)) for n in (1, 2)]
    assert judged(agreement, signed=twice) == ["seal.signer"]


def test_signed_and_refused(agreed, tell, deliver, phone, visit):
    agreement = agreed()
    refusal = {"agreement_id": agreement["agreement_id"], "terms_sha256": signature(agreement)["terms_sha256"],
               "reason": "disputes", "text": ""}  # fmt: skip
    events = tell(agreement)
    refused = phone.append("signature.refused/1", refusal, visit=visit, seq=6)
    ended = phone.append("visit.ended/1", events[-2].event["body"] | {"last_seq": 7}, visit=visit, seq=7)
    whole = [*events[:5], refused, ended]
    random.Random(5).shuffle(whole)
    for each in whole:
        deliver([each])
    assert verdict(agreement) == ["seal.refused"]


def test_a_signature_of_an_agreement_that_never_came(agreed, deliver, phone, visit):
    phone.append("signature.captured/1", {"signature": signature(agreed())}, visit=visit)
    phone.ended(visit)
    first, _ = deliver()
    assert (first["status"], first["code"]) == ("held", "agreement.unknown")
    assert not Agreement.objects.exists()


def test_a_signature_cannot_be_moved_to_another_agreement(agreed, judged, tell):
    first, second = agreed(), agreed()
    tell.sign(first, signed=[])
    moved = signature(first) | {"agreement_id": second["agreement_id"]}
    assert judged(second, signed=[moved]) == ["seal.terms_hash"]
    assert Agreement.objects.get(pk=first["agreement_id"]).state == State.DROPPED


def test_a_signature_that_comes_after_the_end(agreed, tell, deliver, phone, visit):
    """The visit was over and the plan dropped; then what was signed comes after all."""
    agreement = agreed()
    tell(agreement, signed=[])
    deliver()
    assert Agreement.objects.get().state == State.DROPPED
    late = phone.append("signature.captured/1", {"signature": signature(agreement)}, visit=visit)
    deliver([late])
    assert verdict(agreement) == []


# --- who, when and how


def test_the_phone_of_somebody_without_the_case(agreed, bruno, visit, deliver, tell):
    """Bruno went along and may tell what happened, but the case is Ana's."""
    agreement, other = agreed(), Phone(bruno)
    body = {"agreement": agreement}
    events = [other.append("agreement.proposed/1", body, visit=visit)]
    body = {"signature": signature(agreement)}
    events.append(other.append("signature.captured/1", body, visit=visit, depends_on=events))
    other.deliver(events, now=NOW + timedelta(minutes=5))
    tell(agreed(), signed=[])
    deliver()
    assert verdict(agreement) == ["seal.authority"]


def test_a_signature_on_the_phone_of_somebody_without_the_case(agreed, bruno, visit, deliver, tell):
    agreement, other = agreed(), Phone(bruno)
    events = tell(agreement, signed=[])
    body = {"signature": signature(agreement)}
    signed = other.append("signature.captured/1", body, visit=visit, depends_on=[events[3]])
    deliver(events[:-1])
    other.deliver([signed], now=NOW + timedelta(minutes=5))
    deliver(events[-1:])
    assert verdict(agreement) == ["seal.authority"]


def test_the_case_was_not_his_when_it_was_signed(agreed, judged, dora, ana):
    """Given away and back: he has it again when it arrives, but had not at that moment."""
    Assignment.objects.update(until_at=NOW - timedelta(hours=1), from_at=NOW - timedelta(days=9))
    Assignment.objects.create(case=dora, collector=ana, from_at=NOW + timedelta(minutes=3))
    assert judged(agreed()) == ["seal.authority"]


def test_the_mandate_had_ended(agreed, offer, judged):
    Mandate.objects.update(valid_until=TODAY - timedelta(days=1))
    assert judged(agreed()) == ["seal.authority"]


def test_another_mandate_than_the_one_on_the_paper(agreed, offer, judged):
    Mandate.objects.update(number="ZH-2026-002")
    assert judged(agreed()) == ["seal.authority"]


@pytest.mark.parametrize(
    "clock",
    [
        {"mono_ms": 1, "offset_ms": None, "offset_age_s": None},
        {"mono_ms": 1, "offset_ms": 0, "offset_age_s": None},
        {"mono_ms": 1, "offset_ms": 3_600_000, "offset_age_s": 60},
        {"mono_ms": 1, "offset_ms": 0, "offset_age_s": 73 * 3600},
    ],
    ids=["unknown", "age unknown", "ahead", "stale"],
)
def test_a_clock_that_cannot_be_trusted(agreed, judged, phone, clock):
    phone.clock = clock
    assert judged(agreed()) == ["seal.clock"]


def test_a_wrong_clock_that_is_known_to_be_wrong_is_no_obstacle(agreed, judged, phone):
    phone.clock = {"mono_ms": 1, "offset_ms": -7_200_000, "offset_age_s": 60}
    now, phone.now = phone.now, phone.now + timedelta(hours=2)
    agreement = agreed()
    assert judged(agreement) == []
    assert Agreement.objects.get().proposed_at - now < timedelta(minutes=1)


@pytest.mark.parametrize(("hour", "minute", "codes"), [(7, 59, 1), (8, 0, 0), (21, 58, 0), (22, 0, 1), (23, 30, 1)])
def test_only_in_the_permitted_hours(agreed, judged, phone, hour, minute, codes):
    phone.now = datetime(2026, 11, 25, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    assert judged(agreed(day=TODAY + timedelta(days=1))) == ["seal.conduct"] * codes


def test_only_with_a_second_collector(agreed, judged, visit):
    visit.second = None
    visit.save()
    assert judged(agreed(), second=None) == ["seal.conduct"]


# --- what happened meanwhile


def test_the_case_was_closed(agreed, judged_after):
    assert judged_after(agreed(), lambda: Case.objects.update(closed_at=NOW)) == ["seal.case_closed"]


@pytest.mark.parametrize(("days", "codes"), [(6, []), (7, []), (8, ["seal.lapsed"]), (40, ["seal.lapsed"])])
def test_a_seal_that_comes_after_the_agreement_has_lapsed(agreed, judged, deliver, days, codes):
    deliver.later = timedelta(days=days)
    assert judged(agreed()) == codes


def test_a_debtor_who_is_not_of_age(agreed, judged, dora):
    agreement = agreed()
    Party.objects.filter(case=dora).update(birth_date=TODAY.replace(year=2008) + timedelta(days=1))
    assert judged(agreement) == ["seal.minor"]


def test_a_debtor_on_his_eighteenth_birthday(agreed, judged, dora):
    agreement = agreed()
    Party.objects.filter(case=dora).update(birth_date=TODAY.replace(year=2008))
    assert judged(agreement) == []


@pytest.mark.parametrize("principal", [717584, 0])
def test_the_ledger_has_moved(agreed, judged_after, principal):
    assert judged_after(agreed(), lambda: Debt.objects.update(principal_fen=principal)) == ["seal.ledger"]


def test_another_agreement_is_in_force(agreed, tell, deliver):
    first, second = agreed(instalments=6), agreed(instalments=12)
    tell.sign(first, signed=[signature(first, strokes=strokes(1))])
    tell(second)
    deliver()
    assert (verdict(first), verdict(second)) == ([], ["seal.in_force"])


def test_rows_that_were_changed_in_the_database(agreed, judged_after):
    agreement = agreed()
    other = rfc8785.dumps(put(agreement, "terms.instalments", 24))
    codes = judged_after(agreement, lambda: Agreement.objects.update(body=other))
    assert codes[0] == "seal.canonical"
    assert {"seal.schedule", "seal.terms_hash"} <= set(codes)


def test_an_event_that_was_changed_in_the_database(agreed, judged_after):
    def change():
        row = Event.objects.get(type="agreement.proposed/1")
        Event.objects.filter(pk=row.pk).update(bytes=bytes(row.bytes).replace(b'"instalments":12', b'"instalments":13'))

    assert judged_after(agreed(), change) == ["seal.hash", "seal.canonical"]


def test_a_key_of_the_phone_that_was_changed_in_the_database(agreed, tell, deliver, phone, ana):
    agreement, thief = agreed(), Phone(ana, register=False)
    *events, last = tell(agreement)
    deliver(events)
    Device.objects.update(public_key=thief.public_key)
    phone.key = thief.key
    deliver([phone.seal(last.event)])
    assert verdict(agreement) == ["seal.hash"]


# --- what does not even become an agreement


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("terms", ...),
        ("schema", "agreement/2"),
        ("note", "?"),
        ("language", "fr"),
        ("agreement_id", "not one"),
        ("agreement_id", "01938F1A-5C00-7000-8000-0000000000A1"),
        ("offer_id", None),
        ("required_signers", []),
        ("required_signers", {}),
        ("required_signers.0", "debtor"),
        ("required_signers.0.role", []),
        ("required_signers.0.party", ...),
    ],
)
def test_a_proposal_without_its_form(agreed, tell, deliver, path, value):
    agreement = agreed()
    tell(put(agreement, path, value), signed=[signature(agreement)])
    said = {(v["status"], v["code"]) for v in deliver()}
    assert said == {("applied", ""), ("held", "agreement.malformed"), ("held", "waiting")}
    assert not Agreement.objects.exists()


def test_the_same_identifier_twice(agreed, tell, deliver):
    agreement = agreed()
    tell.sign(agreement, signed=[])
    tell(agreed(instalments=24, agreement_id=agreement["agreement_id"]))
    assert ("held", "agreement.same_id") in {(v["status"], v["code"]) for v in deliver()}
    assert wire.parse(bytes(Agreement.objects.get().body)) == agreement


def test_every_code_has_its_story():
    told = "".join(path.read_text() for path in Path(__file__).parent.rglob("test_*.py"))
    assert [code for code in PROBLEMS if f'"{code}"' not in told] == []


# --- anything else: keys deleted and changed at every depth


STRANGE = [None, True, False, 0, 1, -1, 2**53 - 1, "", "x", "x" * 300, "\u0000", "2026-02-30", [], {}, [1], [[]],
           {"a": 1}, ["x", "x"]]  # fmt: skip


def paths(value, before=()):
    """The way to everything inside a JSON value."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*before, key)
            yield from paths(each, (*before, key))


def mutated(doc, rng):
    """(path, doc with one thing deleted, added, doubled or changed there)"""
    # as likely at the top as deep inside, where most of the places are
    by_depth = [list(group) for _, group in groupby(sorted(paths(doc), key=len), key=len)]
    while True:
        new, way = copy.deepcopy(doc), rng.choice(rng.choice(by_depth))
        place, key = new, way[-1]
        for step in way[:-1]:
            place = place[step]
        kind = rng.choice(["delete", "strange", "near", "near"])
        if kind == "delete":
            del place[key]
        else:
            place[key] = copy.deepcopy(rng.choice(STRANGE)) if kind == "strange" else near(place[key], rng)
        if rfc8785.dumps(new) != rfc8785.dumps(doc):
            return ".".join(map(str, way)), new


def near(was, rng):
    """Something of the same kind."""
    if isinstance(was, bool):
        return not was
    if isinstance(was, int):
        return was + rng.choice([-1, 1, 100])
    if isinstance(was, str):
        return rng.choice([was + "x", was[:-1], was.upper(), was[::-1]])
    if isinstance(was, list):
        return rng.choice([was[::-1], was + was[-1:], was[1:], [*was, None]])
    return was | {"extra": None} if isinstance(was, dict) else {}


def lied(doc, sound):
    """The signature of a phone that lies consistently: it fits whatever is in the agreement."""
    try:
        digest = document.terms_hash(doc, canonical=rfc8785.dumps)
    except KeyError:
        digest = signature(sound)["terms_sha256"]
    said = doc.get("agreement_id")
    return signature(sound, terms_sha256=digest, agreement_id=said if said else sound["agreement_id"])


@pytest.fixture
def flood(agreed, tell, deliver, phone, visit, caplog):
    """flood(made) → {agreement id: codes, or None where it was sealed}; made = [(agreement, signature), …]"""

    def judge(made):
        for n, (doc, signed) in enumerate(made):
            if isinstance(signed.get("strokes"), dict) and signed["strokes"].get("data") == STROKES["data"]:
                signed = signed | {"strokes": strokes(n)}
            tell.sign(doc, signed=[signed])
        tell.consent()
        phone.ended(visit)
        assert {v["status"] for v in deliver()} <= {"applied", "held"}
        assert "failed with" not in caplog.text
        rows = Agreement.objects.all()
        assert {row.state for row in rows} <= {State.SEALED, State.HELD, State.DROPPED}
        return {str(row.pk): row.codes for row in rows if row.state != State.DROPPED}

    return judge


METHODS = ("interest-free/1", "equal-instalment/1")


@pytest.mark.parametrize("seed", range(5))
def test_no_agreement_that_was_changed_anywhere_is_ever_sealed(agreed, flood, seed):
    rng, sound = random.Random(seed), agreed(instalments=3, method=METHODS[seed % 2])
    made, ids = [], []
    for _ in range(45):
        fresh = sound | {"agreement_id": str(uuid7())}
        way, doc = mutated(fresh, rng)
        ids.append((fresh["agreement_id"], way))
        made.append((doc, lied(doc, fresh) if rng.random() < 0.7 else signature(fresh)))
    made.append((sound, signature(sound)))
    codes = flood(made)
    assert [way for key, way in ids if codes.get(key) == []] == []
    assert codes[sound["agreement_id"]] == []
    assert wire.parse(bytes(Sealed.objects.get().agreement.body)) == sound


# What only the phone can know of a signature; whatever stands there, the debtor's hand was under these terms.
FREE = ("display.w", "display.h", "display.font_px", "display.visible_ms", "signer.id_check", "signer.consents",
        "strokes", "collectors", "location", "photos")  # fmt: skip


@pytest.mark.parametrize("seed", range(100, 105))
def test_a_signature_that_was_changed_counts_only_where_it_says_what_it_saw(agreed, flood, seed):
    rng, sound = random.Random(seed), agreed(instalments=3)
    made, ways = [], {}
    for _ in range(40):
        fresh = sound | {"agreement_id": str(uuid7())}
        way, signed = mutated(signature(fresh), rng)
        ways[fresh["agreement_id"]] = way
        made.append((fresh, signed))
    made.append((sound, signature(sound)))
    codes = flood(made)
    # one is in force, and against the others that would have been sealed speaks only that
    assert set(codes.pop(sound["agreement_id"])) <= {"seal.in_force"}
    passed = {ways[key] for key, said in codes.items() if set(said) <= {"seal.in_force"}}
    assert [way for way in passed if not way.startswith(FREE)] == []
