"""Mia hands in a creditor's file at the desk: tried, mapped, taken in, corrected, taken back."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fieldvisit import cases, import_jobs, import_profiles
from fieldvisit.models import Address, Case, Creditor, Debt, ImportJob, ImportRun
from tests.fieldvisit.test_imports import DORA, GAO, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, sign_in, mia):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return sign_in(mia)


@pytest.fixture
def hand_in(office, django_capture_on_commit_callbacks):
    def send(content, what="cases/bank-b", name="list.csv"):
        with django_capture_on_commit_callbacks(execute=True):
            file = SimpleUploadedFile(name, content)
            answer = office.post(reverse("imports"), {"what": what, "file": file})
        assert answer.status_code == 302, answer.content.decode()
        return ImportJob.objects.order_by("-pk").first()

    return send


@pytest.fixture
def press(office, django_capture_on_commit_callbacks):
    def go(name, job, **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = office.post(reverse(name, args=[job.pk]), data, follow=True)
        job.refresh_from_db()
        return answer.content.decode()

    return go


def test_a_file_is_tried_first_then_taken_in_and_not_kept(hand_in, press):
    job = hand_in(table(DORA, GAO))
    assert (job.state, job.created, Case.objects.count()) == ("tried", 2, 0)
    press("import-runs", job, trial="0")
    assert (job.state, job.created, Case.objects.count()) == ("done", 2, 2)
    assert not job.file and job.run.by == job.by
    assert "taken in already" in press("import-runs", job, trial="0")
    assert ImportRun.objects.count() == 1


def test_refused_rows_come_back_corrected_without_a_formula(hand_in, press, office):
    bad = [*GAO[:2], "420117198912128217", *GAO[3:-1], "=1+1"]
    job = hand_in(table(DORA, bad))
    assert (job.created, job.refused) == (1, 1)
    file = b"".join(office.get(reverse("import-refused", args=[job.pk])).streaming_content)
    head, row = csv.reader(io.StringIO(file.decode("utf-8-sig")))
    assert row[9] == "'=1+1" and "check digit" in row[-1]
    row[2], row[9] = f"'{GAO[2]}", "paid by his wife"
    corrected = hand_in(table(row, head=head))
    assert (corrected.created, corrected.refused) == (1, 0)


def test_a_file_with_other_heads_gets_its_columns_chosen_at_the_desk(hand_in, press, office):
    head = ["No.", "Who", "Card", "Phone", "Lives", "Open", "Interest", "Days", "Since", "Remark"]
    job = hand_in(table(DORA, head=head))
    assert job.state == "refused"
    page = office.get(reverse("import", args=[job.pk])).content.decode()
    assert "朵拉" in page and "Who" in page
    chosen = ["contract_number", "name", "", "mobile", "address", "principal_fen", "overdue_interest_fen", "-",
              "due_since", ""]  # fmt: skip
    said = {f"column-{n}": field for n, field in enumerate(chosen)} | {"profile": "new-bank"}
    assert "Identity number" in press("import-profile", job, **said)
    press("import-profile", job, **said | {"column-2": "id_number"})
    assert (job.state, job.profile, job.created) == ("tried", "new-bank", 1), job.problem
    assert "new-bank" in import_profiles.names("cases")
    press("import-runs", job, trial="0")
    assert Debt.objects.get().principal_fen == 1074390


def test_a_profile_name_is_no_path(hand_in, press):
    job = hand_in(table(DORA))
    assert "small letters" in press("import-profile", job, profile="../x")


def test_payments_come_through_the_same_page(hand_in, press, dora):
    Creditor.objects.filter(pk=dora.creditor_id).update(name="甲银行股份有限公司")
    rows = f"loan_number,reference,amount,date\n{dora.contract_number},R9,10.00,2026-11-20\nNONE,R8,1,2026-11-20\n"
    job = hand_in(rows.encode(), what="payments/bank-a")
    assert (job.created, job.refused, dora.payments.count()) == (1, 1, 0)
    press("import-runs", job, trial="0")
    assert dora.payments.get().fen == 1000
    assert "one by one" in press("import-undo", job)


def test_the_last_import_can_be_taken_back_and_brought_again(hand_in, press):
    first = hand_in(table(DORA))
    press("import-runs", first, trial="0")
    newer = [*DORA[:4], "广东省广州市越秀区中山路1号", "99.00", *DORA[6:7], "12", *DORA[8:]]
    second = hand_in(table(newer, GAO))
    press("import-runs", second, trial="0")
    assert "Only the last import" in press("import-undo", first)
    said = press("import-undo", second)
    assert "1 cases closed, 1 with their former figures" in said
    dora, gao = Case.objects.get(contract_number="C-1"), Case.objects.get(contract_number="C-2")
    assert dora.debt.principal_fen == 1074390 and dora.closed_at is None and gao.closed_at
    assert "越秀" not in "".join(Address.objects.values_list("district", flat=True))
    again = hand_in(table(newer, GAO))
    press("import-runs", again, trial="0")
    gao.refresh_from_db()
    dora.debt.refresh_from_db()
    assert gao.closed_at is None and dora.debt.principal_fen == 9900


def test_what_something_was_built_on_is_not_taken_back(hand_in, press, ana, chen):
    job = hand_in(table(DORA, GAO))
    press("import-runs", job, trial="0")
    cases.assign(cases=[Case.objects.get(contract_number="C-2")], collector=ana, by=chen, now=timezone.now())
    assert "C-2" in press("import-undo", job)
    assert not Case.objects.filter(closed_at__isnull=False).exists()


def test_a_worker_that_died_is_followed_by_the_next(hand_in, press):
    job = hand_in(table(DORA))
    ImportJob.objects.filter(pk=job.pk).update(ended_at=None, trial=False, beat_at=timezone.now())
    assert import_jobs.run_due() == 0
    ImportJob.objects.update(beat_at=timezone.now() - import_jobs.SILENT * 2)
    assert import_jobs.run_due() == 1
    assert Case.objects.count() == 1


def test_what_is_no_table_is_told_beside_the_field(office):
    picture = SimpleUploadedFile("a.png", b"\x89PNG\0")
    answer = office.post(reverse("imports"), {"what": "cases/bank-a", "file": picture})
    assert answer.status_code == 422 and "Nothing was changed" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_the_list_costs_the_same_however_long(office, hand_in, django_assert_max_num_queries):
    hand_in(table(DORA))
    with CaptureQueriesContext(connection) as one:
        office.get(reverse("imports"))
        cost = len(one)
    hand_in(table(DORA))
    with django_assert_max_num_queries(cost):
        assert office.get(reverse("imports")).status_code == 200
