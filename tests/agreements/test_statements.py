"""What Dora's household told, what it can carry, and who may let a plan beyond that pass."""

import copy
import random
from contextlib import contextmanager
from datetime import timedelta

import pytest
import rfc8785
from django.db import DatabaseError, transaction
from uuid6 import uuid7

from agreements import decisions, proposals, statements
from agreements.models import Agreement, Approval, Sealed, State, Statement
from agreements.rules import affordability, document, offer, schedule, wording
from fieldvisit import history, packs, record, review, wire
from fieldvisit.models import Event, User
from fieldvisit.problems import Refused
from tests.agreements.rules.households import said
from tests.cast import NOW, TODAY

from .conftest import signature
from .test_checks import mutated

HOUSE = {"wage": 800000, "food": 420000, "loan_debt": 150000}  # 2,300.00 left, 2,070.00 to give


@pytest.fixture
def policy(policy):
    policy.statement_required = True
    policy.save()
    return policy


@pytest.fixture
def tell_home(phone, visit):
    """tell_home(wage=…, food=…) → the event in which Dora told it; tell_home(declined=True) when she would not."""

    def taken(*, supersedes=None, **figures):
        body = said(**figures) | {"supersedes": supersedes and str(supersedes.id)}
        return phone.append("statement.taken/1", body, visit=visit)

    return taken


@contextmanager
def refused(code):
    with pytest.raises(Refused) as said_no:
        yield
    assert said_no.value.code == code


def choice(instalments, method="interest-free/1"):
    return {"method": method, "instalments": instalments, "anchor_day": 25, "interest_from": TODAY.isoformat(),
            "first_due": schedule.first_due(TODAY, 25).isoformat()}  # fmt: skip


def annexed(offer_row, told, *, shown=(6, 12, 24), chosen=1, lie=()):
    """agreement/1 as the phone builds it after that statement; `lie` overwrites keys of its affordability."""
    body = wire.parse(bytes(offer_row.body))
    policy = body["affordability"]
    plans = []
    for count in shown:
        terms = document.terms(body, choice(count))
        plans.append({"choice": choice(count), "summary": schedule.summary(terms, schedule.plan(terms))})
    terms = document.terms(body, choice(shown[chosen]))
    rows = schedule.plan(terms)
    home = affordability.assess(told.event["body"], policy)
    beyond = offer.within(body, terms, rows, TODAY)
    annex = affordability.annex(str(told.id), home, policy, rows, plans, chosen, beyond=beyond) | dict(lie)
    sets = wording.load("cn-repayment"), wording.load("cn-rights")
    return document.build(body, choice(shown[chosen]), *sets, "zh-hans", str(uuid7()), offer_sig=offer_row.sig,
                          canonical=rfc8785.dumps, affordability=annex)  # fmt: skip


@pytest.fixture
def settled(tell, deliver):
    """settled(agreement) → its row after the whole visit came in."""

    def row(agreement, **how):
        tell(agreement, **how)
        assert {v["status"] for v in deliver()} == {"applied"}
        return Agreement.objects.get(pk=agreement["agreement_id"])

    return row


@pytest.fixture
def boss(chen):
    return chen


# --- taking it


def test_the_newest_governs_and_the_older_ones_stay(offer, tell_home, deliver, phone, visit):
    first = tell_home(**HOUSE)
    second = tell_home(**HOUSE | {"rent": 200000}, supersedes=first)
    deliver()
    rows = list(Statement.objects.order_by("pk"))
    assert [row.event_id for row in rows] == [first.id, second.id]
    assert statements.latest([visit.case])[visit.case_id] == rows[1]
    assert rows[1].said["figures"][-1] == {"item": "rent", "fen": 200000, "source": "said", "photo": None}


def test_nothing_of_it_can_be_changed_or_taken_away(offer, tell_home, deliver):
    tell_home(**HOUSE)
    deliver()
    for change in (lambda rows: rows.update(declined=True), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Statement.objects.all())
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("figures.0.fen", -1),
        ("figures.0.fen", 10**12),
        ("figures.0.item", "yacht"),
        ("figures.0.source", "document"),  # a document is a photo
        ("figures.0.photo", "a" * 64),
        ("figures.1.item", "wage"),  # twice
        ("dependants", {"children": ["小宝"]}),
        ("declined", None),
    ],
)
def test_what_is_no_statement_stays_on_the_phone(offer, phone, visit, deliver, path, value):
    body = said(**HOUSE) | {"supersedes": None}
    *way, last = path.split(".")
    place = body
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    phone.append("statement.taken/1", body, visit=visit)
    assert [v["status"] for v in deliver()] == ["invalid"]
    assert not Statement.objects.exists()


def test_the_record_says_that_it_was_taken_and_not_what_the_household_has(offer, tell_home, deliver, visit):
    tell_home(**HOUSE)
    deliver()
    lines = history.of_cases([visit.case], NOW)[visit.case_id]
    (line,) = [line for line in lines if line["action"] == "statement.taken/1"]
    assert line["title"] != line["action"]
    assert "800000" not in str(line) and "figures" not in str(line)
    assert record.verify(visit.case) == []


# --- what is known of it on the phone and at the desk


def test_the_next_visit_knows_what_was_told_last(offer, tell_home, deliver, visit, ana):
    tell_home(**HOUSE, cash=50000)
    deliver()
    seen = packs.scope(ana, NOW, [visit])
    known = seen.data["statements"][visit.case.ref]
    assert known["surplus_fen"] == 230000
    assert known["figures"]["cash"] == 50000
    page = statements.page(visit, seen)
    assert {item["code"]: item["last"] for group in page["groups"] for item in group["items"]}["wage"] == 800000
    every = [item["code"] for group in page["groups"] for item in group["items"]]
    assert sorted(every) == sorted(affordability.GROUP)


def test_the_review_shows_every_figure_with_its_source_and_what_they_mean(offer, tell_home, deliver, phone, visit):
    photo = phone.photo(visit, b"\xff\xd8paper")
    body = said(**HOUSE) | {"supersedes": None}
    body["figures"][0] |= {"source": "document", "photo": photo.blobs[0].sha256}
    body["figures"][1] |= {"source": "document", "photo": "f" * 64}
    tell_home(**HOUSE)
    phone.append("statement.taken/1", body, visit=visit)
    deliver()
    (gathered,) = review.gather(type(visit).objects.filter(pk=visit.pk))
    (panel,) = [p for p in review.panels_of(gathered) if p["template"] == "agreements/statements/_panel.html"]
    figures = [figure for group in panel["context"]["groups"] for figure in group["figures"]]
    assert [(f["fen"], bool(f["picture"]), f["lost"]) for f in figures] == [
        (800000, True, False), (420000, False, True), (150000, False, False),
    ]  # fmt: skip
    assert len(panel["context"]["earlier"]) == 1
    assert "2,300.00" in panel["context"]["lines"][0]["text"]


def test_the_page_of_the_case_shows_the_last_one_with_its_date_to_whom_the_case_belongs(
    offer, tell_home, deliver, visit, sign_in, chen
):
    tell_home(**HOUSE)
    tell_home(**HOUSE | {"wage": 900000})
    deliver()
    page = sign_in(chen).get(f"/office/cases/{visit.case.ref}/").content.decode()
    assert "9,000.00" in page and "2026-11-24" in page
    assert "8,000.00" not in page
    (panel,) = statements.of_case(visit.case, chen, NOW)
    assert len(panel["context"]["earlier"]) == 1


def test_the_household_is_on_no_page_of_the_world(offer, tell_home, settled, client):
    """The debtor's link before it is opened, and the check of a paper, say nothing of what the household has."""
    row = settled(annexed(offer, tell_home(wage=812345, food=420000)))
    page = client.get(f"/d/{proposals.copy_token(row.offer)}").content.decode()
    check = client.get("/verify/").content.decode()
    for text in ("8,123.45", "812345", "3,923.45"):
        assert text not in page and text not in check


# --- the gate


def test_a_plan_within_her_means_is_sealed_with_the_reckoning_in_it(offer, tell_home, settled):
    agreement = annexed(offer, tell_home(**HOUSE))
    assert agreement["affordability"]["needs_approval"] is False
    row = settled(agreement)
    assert (row.state, row.codes) == (State.SEALED, [])
    kept = wire.parse(bytes(row.body))["affordability"]
    assert kept["household"]["surplus_fen"] == 230000
    assert [plan["choice"]["instalments"] for plan in kept["shown"]] == [6, 12, 24]
    assert "asset_fen" not in kept["household"]


def test_the_offer_carries_the_limits_of_its_day(offer):
    limits = wire.parse(bytes(offer.body))["affordability"]
    assert limits == affordability.policy(TODAY) | {"statement_required": True}


def test_without_a_statement_nothing_is_sealed(offer, agreed, settled):
    row = settled(agreed())
    assert (row.state, row.codes) == (State.HELD, ["afford.no_statement"])


def test_a_creditor_may_do_without_but_what_was_told_counts(policy, visit, agreed_of, tell_home, settled):
    policy.statement_required = False
    policy.save()
    offer_row = proposals.offer_for(visit.case, now=NOW - timedelta(hours=1))
    tell_home(wage=100, food=100)
    assert settled(agreed_of(offer_row)).codes == ["afford.no_statement"]


@pytest.fixture
def agreed_of():
    def build(offer_row):
        sets = wording.load("cn-repayment"), wording.load("cn-rights")
        return document.build(wire.parse(bytes(offer_row.body)), choice(12), *sets, "zh-hans", str(uuid7()),
                              offer_sig=offer_row.sig, canonical=rfc8785.dumps)  # fmt: skip

    return build


@pytest.mark.parametrize(
    ("house", "codes"),
    [
        ({"wage": 500000, "food": 490000}, ["afford.reserve"]),
        ({"wage": 1250000, "benefit": 12000, "food": 650000, "rent": 800000, "medical": 299900, "card_debt": 300000},
         ["afford.short"]),  # 7,879 short
        ({"wage": 500000, "food": 1000, "card_debt": 260000}, ["afford.debt_share"]),
        ({"wage": 100000, "food": 90000, "card_debt": 50000}, ["afford.short", "afford.debt_share"]),
        ({"wage": 900000}, ["afford.incomplete"]),
        ({"declined": True}, ["afford.declined"]),
    ],
)  # fmt: skip
def test_a_plan_beyond_her_means_waits_for_a_second_person(offer, tell_home, settled, house, codes):
    agreement = annexed(offer, tell_home(**house))
    assert agreement["affordability"]["needs_approval"] is True
    row = settled(agreement)
    assert (row.state, row.codes) == (State.HELD, codes)
    assert not Sealed.objects.exists()


@pytest.mark.parametrize(
    "lie",
    [
        {"needs_approval": False, "gate": {"codes": [], "share_ppm": 1, "share": "green", "debt_share_ppm": 1}},
        {"statement": "01938f1a-5c00-7000-8000-0000000000a3"},
        {"instalment_fen": 1},
        {"household": {}},
        {"shown": []},
        {"shown": None},
        {"chosen": 0},
        {"chosen": 3},
        {"chosen": True},
        {"chosen": -2},
        {"policy": {"id": "cn-affordability", "version": 2}},
        {"beyond_offer": ["offer.too_many"]},
        {"more": 1},
    ],
)
def test_a_reckoning_that_is_not_the_servers_own_is_held_and_nobody_lets_it_pass(offer, tell_home, settled, boss, lie):
    row = settled(annexed(offer, tell_home(wage=1000, food=2000), lie=lie))
    assert row.codes == ["seal.affordability"]
    assert not decisions.approvable(row)
    with refused("agreement.not_approvable"):
        decisions.approve(agreement=row, reason="…", by=boss, now=NOW)


def test_a_later_statement_of_the_same_visit_is_the_one_that_counts(offer, tell_home, settled):
    rich = tell_home(**HOUSE)
    tell_home(wage=1000, food=2000, supersedes=rich)
    assert settled(annexed(offer, rich)).codes == ["seal.affordability"]


def test_what_is_told_after_the_signature_changes_nothing_of_it(offer, tell_home, tell, deliver, phone, visit):
    agreement = annexed(offer, tell_home(**HOUSE))
    phone.started(visit)
    tell.consent()
    phone.note(visit)
    tell.sign(agreement)
    tell_home(wage=1000, food=2000)
    phone.ended(visit)
    deliver()
    assert Agreement.objects.get().codes == []


@pytest.mark.parametrize("seed", range(4))
def test_no_reckoning_that_was_changed_anywhere_is_ever_sealed(offer, tell_home, tell, deliver, phone, visit, seed):
    rng, statement = random.Random(seed), tell_home(**HOUSE)
    sound = annexed(offer, statement)
    ways = {}
    for n in range(40):
        way, affordability_ = mutated(sound["affordability"], rng)
        doc = sound | {"agreement_id": str(uuid7()), "affordability": affordability_}
        strokes = copy.deepcopy(signature(doc)["strokes"])
        strokes["data"][0][0][0] += n + 1
        ways[doc["agreement_id"]] = way
        tell.sign(doc, signed=[signature(doc, strokes=strokes)])
    tell.consent()
    phone.ended(visit)
    deliver()
    passed = [ways[str(row.pk)] for row in Agreement.objects.all() if set(row.codes) <= {"seal.in_force"}]
    # which plans lay beside the chosen one, only the phone can know; each must be a plan of the offer
    assert [way for way in passed if way not in ("shown", "shown.0", "shown.2")] == []


# --- the second person


@pytest.fixture
def held(offer, tell_home, settled):
    return settled(annexed(offer, tell_home(wage=500000, food=490000)))


def test_a_supervisor_lets_it_pass_and_it_is_sealed(held, boss, visit):
    row = decisions.approve(agreement=held, reason=" Her son pays it; I called him. ", by=boss, now=NOW)
    assert (row.state, row.codes) == (State.SEALED, [])
    assert Approval.objects.get().codes == ["afford.reserve"]
    assert Approval.objects.get().reason == "Her son pays it; I called him."
    lines = history.of_cases([visit.case], NOW)[visit.case_id]
    (line,) = [line for line in lines if line["action"] == "agreement.approved"]
    assert line["text"] == "Her son pays it; I called him." and line["title"] != line["action"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.update(reason="…")
    with refused("agreement.not_held"):
        decisions.approve(agreement=row, reason="twice", by=boss, now=NOW)


def test_more_instalments_than_offered_go_the_same_way(offer, tell_home, settled, boss):
    agreement = annexed(offer, tell_home(**HOUSE), shown=(48,), chosen=0)
    row = settled(agreement)
    assert "offer.too_many" in row.codes and set(row.codes) <= set(agreement["affordability"]["beyond_offer"])
    assert decisions.approve(agreement=row, reason="longer, so that it holds", by=boss, now=NOW).state == State.SEALED


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [
        ("ana", "mine", "agreement.approver"),
        ("olga", "a reviewer", "agreement.approver"),
        ("chen", "  ", "agreement.approval_reason"),
    ],
)
def test_nobody_else_and_never_without_a_reason(held, request, who, reason, code):
    with refused(code):
        decisions.approve(agreement=held, reason=reason, by=request.getfixturevalue(who), now=NOW)
    assert not Approval.objects.exists()


def test_who_made_it_does_not_let_it_pass(held, ana):
    """A collector who was made a supervisor since, and one who went along."""
    User.objects.filter(pk=ana.pk).update(role="supervisor")
    ana.refresh_from_db()
    with refused("agreement.own"):
        decisions.approve(agreement=held, reason="mine", by=ana, now=NOW)


def test_an_approval_passes_over_only_what_was_seen(held, boss, visit):
    visit.case.closed_at = NOW
    visit.case.save()
    row = decisions.approve(agreement=held, reason="closed meanwhile", by=boss, now=NOW)
    assert (row.state, row.codes) == (State.HELD, ["seal.case_closed"])
    assert not decisions.approvable(row)


def test_the_statement_may_come_last_of_all(offer, tell_home, tell, deliver):
    """The events come in any order: what is judged in the end is the same."""
    statement = tell_home(**HOUSE)
    events = tell(annexed(offer, statement))
    late = [event for event in events if event is not statement]
    deliver(late)
    assert Agreement.objects.get().state == State.COLLECTING
    deliver([statement])
    assert Agreement.objects.get().state == State.SEALED
    assert Event.objects.filter(type="statement.taken/1").count() == 1
