"""Many at one code at once, with real commits: it makes one phone, and five wrong tries are five, however they come."""

import pytest

from fieldvisit import enrolment
from fieldvisit.models import Device, EnrolmentCode
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import Phone

from .test_intake_together import scene, together  # noqa: F401  a fixture

MANY = 12


@pytest.fixture
def ana(scene):  # noqa: F811
    return scene[1]


def trying(user, code):
    def job():
        phone = Phone(user, register=False)
        said = {"device_id": phone.id, "public_key": phone.public_key, "label": "", "owner": "company"}
        try:
            return enrolment.register(user=user, code=code, now=NOW, **said)
        except Refused as refused:
            return refused.code

    return job


def test_one_code_makes_one_phone(scene, ana):  # noqa: F811
    _, code = enrolment.issue(user=ana, by=scene[3], now=NOW)
    before = Device.objects.count()
    answers = together([trying(ana, code)] * MANY)
    assert answers.count("enrol.none") == MANY - 1 and Device.objects.count() == before + 1


def test_wrong_tries_at_once_are_all_counted(scene, ana):  # noqa: F811
    enrolment.issue(user=ana, by=scene[3], now=NOW)
    answers = together([trying(ana, "ABCD-EFGH")] * MANY)
    assert EnrolmentCode.objects.get().tries == enrolment.MOST_TRIES
    assert answers.count("enrol.wrong") == enrolment.MOST_TRIES - 1
