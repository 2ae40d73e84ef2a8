"""The rules before the act: what the office knows of a case, what it changed, and what the command prints."""

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from fieldvisit import conduct, packs, pauses, permissions, rule_changes
from fieldvisit.models import Case, Outcome, Permission, RuleChange, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import columns
from tests.cast import NOW
from tests.phone import Phone

BEIJING = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)


def missed(case, act, when, **more):
    _pack, verdicts = conduct.weigh(case, act, at=when, **more)
    return {(verdict.rule, verdict.effect) for verdict in verdicts if verdict.effect != "ok"}


def change(by, now, **more):
    said = {"pack": "cn", "rule": "CN-TIME-01", "values": {"until": "21:00"}, "reason": "Local custom.",
            "valid_from": TODAY, "valid_to": None}  # fmt: skip
    return rule_changes.propose(**(said | more), by=by, now=now)


@pytest.fixture
def case(visit):
    return visit.case


def test_by_day_a_visit_is_lawful_and_at_night_it_is_not(case):
    assert missed(case, "visit", at(10)) == set()
    assert missed(case, "visit", at(22)) == {("CN-TIME-01", "block")}


def test_a_visit_of_the_same_week_is_counted(case, visit):
    met = {"started_at": at(10, day=20), "ended_at": at(11, day=20), "outcome": Outcome.NO_AGREEMENT}
    Visit.objects.filter(pk=visit.pk).update(**met)
    assert missed(case, "visit", at(10), channel="visit") == {("CN-VIS-06", "warn")}
    assert missed(case, "visit", at(10, day=27), channel="visit") == set()
    assert missed(case, "visit", at(10), same={"debt": "another"}, channel="visit") == set()


def test_a_dispute_that_is_open_blocks_and_a_wish_for_time_does_not(case, chen, now):
    pauses.place(case=case, reason="wish", text="After the harvest.", by=chen, now=now)
    assert missed(case, "visit", at(10)) == set()
    pauses.place(case=case, reason="dispute", text="He says it is not his.", by=chen, now=now)
    assert missed(case, "visit", at(10)) == {("CN-DISP-01", "block")}


def test_a_tighter_rule_stands_at_once(case, mia, now):
    assert not change(mia, now).loosens
    assert missed(case, "visit", at(21)) == {("CN-TIME-01", "block")}
    assert conduct.rules(TODAY)["version"] != conduct.rules(TODAY - timedelta(days=1))["version"]


def test_a_looser_rule_waits_for_a_second_person(case, mia, chen, now):
    made = change(mia, now, values={"until": "23:00"}, reason="He works the late shift.")
    assert made.loosens and missed(case, "visit", at(22, 30))
    with pytest.raises(Refused) as refused:
        rule_changes.approve(change=made, by=mia, now=now)
    assert refused.value.code == "rule.second"
    rule_changes.approve(change=made, by=chen, now=now)
    assert missed(case, "visit", at(22, 30)) == set()
    rule_changes.withdraw(change=made, by=mia, now=now)
    assert missed(case, "visit", at(22, 30))


def test_to_take_back_a_tightening_takes_a_second_person_too(mia, chen, now):
    made = change(mia, now)
    with pytest.raises(Refused) as refused:
        rule_changes.withdraw(change=made, by=mia, now=now)
    assert refused.value.code == "rule.second"
    rule_changes.withdraw(change=made, by=chen, now=now)
    with pytest.raises(Refused) as refused:
        rule_changes.withdraw(change=made, by=chen, now=now)
    assert refused.value.code == "rule.decided"


def test_a_change_ends_with_its_last_day(case, mia, now):
    change(mia, now, valid_to=TODAY)
    assert missed(case, "visit", at(21)) and not missed(case, "visit", at(21, day=25))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"reason": "  "}, "rule.reason"),
        ({"values": {"until": "22:00"}}, "rule.same"),
        ({"values": {}}, "rule.same"),
        ({"values": {"until": "25:00"}}, "rule.values"),
        ({"values": {"until": "9"}}, "rule.values"),
        ({"values": {"until": 9}}, "rule.values"),
        ({"values": {"title": "x"}}, "rule.values"),
        ({"values": {"effect": "shrug"}}, "rule.values"),
        ({"rule": "CN-VIS-01", "values": {"limit": -1}}, "rule.values"),
        ({"valid_to": TODAY - timedelta(days=1)}, "rule.dates"),
    ],
)
def test_what_is_no_change_is_refused_with_its_reason(mia, now, wanted, code):
    with pytest.raises(Refused) as refused:
        change(mia, now, **wanted)
    assert refused.value.code == code and not RuleChange.objects.exists()


@pytest.mark.parametrize(
    ("rule", "values", "loosens"),
    [
        ("CN-TIME-01", {"from": "09:00"}, False),
        ("CN-TIME-01", {"from": "07:00"}, True),
        ("CN-CALL-01", {"limit": 2}, False),
        ("CN-CALL-01", {"limit": 4}, True),
        ("CN-VIS-06", {"days": 30}, False),
        ("CN-VIS-06", {"days": 1, "limit": 1}, True),
        ("CN-VIS-01", {"limit": 3}, False),
        ("CN-VIS-01", {"limit": 1}, True),
        ("CN-VIS-06", {"effect": "block"}, False),
        ("CN-TIME-01", {"effect": "warn"}, True),
        ("CN-TIME-01", {"from": "09:00", "until": "23:00"}, True),
    ],
)
def test_which_way_a_change_goes(mia, now, rule, values, loosens):
    assert change(mia, now, rule=rule, values=values).loosens is loosens


def glass():
    return {"pad": [35000, 16800], "pointer": "touch", "data": [[[100, 100, 0, 500], [900, 800, 120, 500]]]}


def permit(phone, visit, **more):
    said = {"from": "22:00", "until": "24:00", "last_day": "2026-11-25", "strokes": glass()} | more
    return phone.append("contact.permitted/1", said, visit=visit)


def test_he_may_agree_to_other_hours_and_take_it_back(visit, ana, chen, now):
    phone = Phone(ana)
    permit(phone, visit)
    assert [verdict["status"] for verdict in phone.deliver()] == ["applied"]
    assert missed(visit.case, "visit", at(22, 30), channel="visit") == set()
    assert missed(visit.case, "visit", at(23, 59, day=25), channel="visit") == set()
    assert missed(visit.case, "visit", at(22, 30, day=26), channel="visit") == {("CN-TIME-01", "block")}
    assert missed(visit.case, "call", at(22, 30), channel="call") == {("CN-TIME-01", "block")}
    permissions.end(permission=Permission.objects.get(), by=chen, now=at(22))
    assert missed(visit.case, "visit", at(22, 30), channel="visit") == {("CN-TIME-01", "block")}
    with pytest.raises(Refused):
        permissions.end(permission=Permission.objects.get(), by=chen, now=at(22))


@pytest.mark.parametrize("wrong", [{"from": "9:00"}, {"until": "24:01"}, {"strokes": glass() | {"data": []}}])
def test_a_consent_without_hours_or_strokes_is_not_taken_in(visit, ana, wrong):
    phone = Phone(ana)
    permit(phone, visit, **wrong)
    assert [verdict["status"] for verdict in phone.deliver()] == ["invalid"]


def test_the_phone_gets_the_rules_and_what_is_known_of_each_case(ana, visit, now, django_assert_num_queries):
    packed = packs.build(ana, now=now)["data"]["conduct"]
    assert packed["offset_minutes"] == 480 and set(packed["cases"]) == {visit.case.ref}
    assert "CN-TIME-01" in packed["pack"]["rules"] and "CN-REC-01" not in packed["pack"]["rules"]
    assert packed["cases"][visit.case.ref]["facts"]["mandate"] is True


def test_the_command_prints_each_verdict_with_its_citation(case):
    out = StringIO()
    call_command("explain_rules", case.contract_number, "--at", "2026-11-24T22:00", "--act", "visit", stdout=out)
    said = out.getvalue()
    assert "cn@" in said and "block    CN-TIME-01" in said and "GB/T 45251-2025" in said
    assert "duty     CN-VIS-05" in said and "unknown  CN-VIS-07" in said
    out = StringIO()
    call_command(
        "explain_rules", case.ref, "--at", "2026-11-24T10:00", "--act", "terms", "--facts", '{"months": 61}',
        "--situation", '{"product": "credit-card"}', "--language", "en", stdout=out,
    )  # fmt: skip
    assert "block    CN-PLAN-01         61 months are more than the 60 allowed" in out.getvalue()
    with pytest.raises(CommandError, match="no case"):
        call_command("explain_rules", "nothing", stdout=StringIO())


def test_a_case_of_another_country_is_weighed_by_its_own_pack_and_clock_on_server_and_phone(visit, ana, dora):
    assert conduct.weigh(dora, "call", at=NOW)[0]["id"] == "cn"
    Case.objects.filter(pk=dora.pk).update(jurisdiction="us")
    dora.refresh_from_db()
    pack, verdicts = conduct.weigh(dora, "call", at=NOW, channel="call")  # 21:14 of the day before in New York
    found = {verdict.rule: verdict.effect for verdict in verdicts}
    assert pack["id"] == "us" and found["US-TIME-01"] == "block"
    data = packs.build(ana, now=NOW)["data"]["conduct"]
    its = data["cases"][dora.ref]
    assert its["jurisdiction"] == "us" and "days_off" not in its
    assert data["packs"]["us"]["offset_minutes"] == -300 and data["packs"]["us"]["pack"]["id"] == "us"
    assert data["pack"]["id"] == "cn"


def test_a_profile_names_the_rules_of_its_cases_and_none_that_do_not_exist():
    said = {"creditor": {}, "columns": {}, "jurisdiction": "gb"}
    assert columns.made("own", said).jurisdiction == "gb"
    with pytest.raises(ValueError, match="atlantis"):
        columns.made("own", said | {"jurisdiction": "atlantis"})
