"""The demo loads once, fills each new day, and never leaves the demo."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils.module_loading import autodiscover_modules

from agreements.models import OfferPolicy
from fieldvisit import cases, demo, people
from fieldvisit.models import Assignment, Case, Mandate, User, Visit
from fieldvisit.problems import Refused

from ..cast import NOW, TODAY

pytestmark = pytest.mark.django_db


def load(now=NOW):
    autodiscover_modules("demo")
    return demo.load(now=now)


def rows():
    ours = [*apps.get_app_config("fieldvisit").get_models(), *apps.get_app_config("agreements").get_models()]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in ours}


def planned(username, on):
    return Visit.objects.filter(collector__username=username, planned_on=on).order_by("place")


def test_the_demo_has_its_cases_people_mandates_and_policies():
    users = load()
    names = "zhoumin shenwei linfang chenjing hejing admin wuyan"
    assert " ".join(user.username for user in users) == names
    assert all(user.totpdevice_set.filter(confirmed=True).exists() for user in users)
    assert all(user.check_password(people.DEMO_PASSWORD) for user in users)
    assert Case.objects.count() == 178
    assert {mandate.creditor.short_name for mandate in Mandate.objects.all()} == {"甲银行", "乙银行", "丙消金"}
    assert sorted(OfferPolicy.objects.values_list("most_months", flat=True)) == [24, 36, 36]
    assert {user.username for user in User.objects.filter(assignments__until_at=None)} >= {
        "zhoumin",
        "shenwei",
        "linfang",
    }
    assert (
        Case.objects.filter(team__name="杭州一组").count()
        == Assignment.objects.filter(collector__team__name="杭州一组").count()
    )


def test_zhou_min_has_six_visits_today_and_four_tomorrow_with_shen_wei():
    load()
    today, tomorrow = planned("zhoumin", TODAY), planned("zhoumin", TODAY + timedelta(days=1))
    assert (today.count(), tomorrow.count()) == (6, 4)
    assert {visit.second.username for visit in [*today, *tomorrow]} == {"shenwei"}
    assert all(visit.address.lat_e7 and visit.address.city == "杭州市" for visit in [*today, *tomorrow])
    assert len({visit.case_id for visit in [*today, *tomorrow]}) == 10


def test_a_second_start_on_the_same_day_changes_nothing():
    load()
    before = rows()
    load(NOW + timedelta(hours=3))
    assert rows() == before


def test_the_next_day_plans_that_days_visits():
    load()
    load(NOW + timedelta(days=1))
    assert [planned("zhoumin", TODAY + timedelta(days=day)).count() for day in range(3)] == [6, 6, 4]
    for week in range(1, 9):
        load(NOW + timedelta(days=7 * week))
    assert planned("zhoumin", TODAY + timedelta(days=56)).count() == 6


def test_what_was_reassigned_by_hand_stays_so():
    load()
    case = planned("zhoumin", TODAY).first().case
    linfang = User.objects.get(username="linfang")
    cases.assign(cases=[case], collector=linfang, by=None, now=NOW)
    load(NOW + timedelta(hours=1))
    assert case.assignments.get(until_at=None).collector == linfang


def test_the_command_says_who_may_sign_in(capsys):
    call_command("load_demo")
    said = capsys.readouterr().out
    assert "fieldvisit-demo" in said
    assert all(username in said for username, *_rest in demo.PEOPLE)


def test_outside_the_demo_nothing_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(Refused):
        demo.load(now=NOW)
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not User.objects.exists()


def test_every_file_of_the_demo_is_there():
    assert all((demo.Path(demo.__file__).with_name(name)).is_file() for name in demo.FILES.values())


def test_a_demo_begun_next_year_has_its_mandates_in_force():
    later = NOW + timedelta(days=400)
    load(later)
    assert all(mandate.valid_until > later.date() for mandate in Mandate.objects.all())
