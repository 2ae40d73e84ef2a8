"""The office's pages: the queue, one visit, the decision, cases and photos; for whom, in how many queries."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldvisit import cases as case_verbs
from fieldvisit import review
from fieldvisit.models import Decision, Entry, Photo, ReviewDecision
from tests.cast import NOW
from tests.fieldvisit.played import bring, many, play
from tests.fieldvisit.test_review import jpeg
from tests.phone import Phone

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def done(visit, ana):
    return play(visit, Phone(ana))[0]


@pytest.fixture
def office(client, sign_in, olga):
    return sign_in(olga)


def page(response):
    assert response.status_code == 200, response.content[:400]
    return response.content.decode()


# --- for whom


@pytest.mark.parametrize("name", ["reviews", "cases"])
def test_collectors_and_strangers_have_no_office(client, sign_in, ana, db, name):
    assert client.get(reverse(name)).url.startswith("/sign-in/?next=")
    assert sign_in(ana).get(reverse(name)).status_code == 403


def test_a_supervisor_of_another_team_gets_404(client, sign_in, done, chen, xu, creditor):
    chen.team = xu.team
    chen.save()
    sign_in(chen)
    for url in (reverse("review", args=[done.pk]), reverse("case", args=[done.case.ref])):
        assert client.get(url).status_code == 404
    assert client.post(reverse("decisions", args=[done.pk]), {"decision": "approved"}).status_code == 404
    assert not ReviewDecision.objects.exists()


def test_an_expired_session_answers_htmx_with_401_and_no_page(client, done):
    response = client.get(reverse("review", args=[done.pk]), headers=HTMX)
    assert (response.status_code, response.json()["code"]) == (401, "sign_in")


# --- queue and view


def test_the_queue_shows_name_sum_outcome_and_flags_beside_the_first_visit(office, done):
    html = page(office.get(reverse("reviews")))
    assert "1 to review" in html
    assert "朵拉" in html
    assert "8,011.50" in html
    assert "Talked, no agreement" in html
    assert "no flags" in html
    assert f'data-visit="{done.pk}"' in html


def test_an_empty_queue_says_what_to_do_next(office, olga):
    assert "Nothing waits for review" in page(office.get(reverse("reviews")))


def test_htmx_gets_the_visit_alone_and_back_gets_the_page(office, done):
    url = reverse("review", args=[done.pk])
    alone = office.get(url, headers=HTMX)
    assert alone["Vary"].count("HX-Request") == 1
    assert page(alone).lstrip().startswith("<main")
    assert "<!doctype html>" in page(office.get(url, headers=HTMX | {"HX-History-Restore-Request": "true"}))
    assert "<!doctype html>" in page(office.get(url))


def test_an_unfinished_visit_says_what_it_waits_for_and_offers_no_approval(office, visit, ana):
    play(visit, Phone(ana), pictures=[jpeg()])
    html = page(office.get(reverse("reviews")))
    assert "waiting for photos: 1" in html
    assert 'value="approved"' not in html
    assert 'value="returned"' in html


def test_what_people_wrote_is_never_markup(office, visit, ana):
    phone = Phone(ana)
    phone.started(visit)
    phone.note(visit, "<script>alert(1)</script>")
    phone.ended(visit)
    phone.deliver()
    html = page(office.get(reverse("review", args=[visit.pk])))
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_no_page_has_inline_script_or_style(office, done):
    urls = [reverse("reviews"), reverse("cases"), reverse("case", args=[done.case.ref]), reverse("sign-in"), "/none/"]
    for url in urls:
        html = office.get(url).content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on", html), url
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html)), url


# --- the decision


def decide(office, visit, headers=HTMX, **said):
    return office.post(reverse("decisions", args=[visit.pk]), said, headers=headers)


def test_after_a_decision_the_next_visit_is_shown(office, make_case, ana, bruno, chen):
    first, second = many(2, make_case=make_case, ana=ana, bruno=bruno, chen=chen)
    response = decide(office, first, decision="approved")
    html = page(response)
    assert f'data-visit="{second.pk}"' in html
    assert f'id="row-{first.pk}" hx-swap-oob="delete"' in html
    assert "Approved: Debtor 000" in html
    assert "1 to review" in html
    assert "1 done today" in html
    assert response["HX-Push-Url"] == reverse("review", args=[second.pk])
    assert "Nothing waits for review" in page(decide(office, second, decision="approved"))


def test_without_script_the_decision_leads_to_the_next_page(office, make_case, ana, bruno, chen):
    first, second = many(2, make_case=make_case, ana=ana, bruno=bruno, chen=chen)
    response = decide(office, second, headers=None, decision="returned", sentence="Who was there?")
    assert response.url == reverse("review", args=[first.pk])
    assert "Sent back: Debtor 001" in page(office.get(response.url))


def test_a_missing_sentence_keeps_the_form_open_and_takes_the_cursor(office, done):
    response = decide(office, done, decision="returned", sentence=" ")
    html = response.content.decode()
    assert response.status_code == 422
    assert "A visit goes back only with a sentence." in html
    assert '<details class="return" open>' in html
    assert re.search(r"<textarea[^>]*autofocus[^>]*aria-invalid|<textarea[^>]*aria-invalid[^>]*autofocus", html)


def test_a_sentence_that_is_too_long_stays_in_the_field(office, done):
    response = decide(office, done, decision="returned", sentence="ab" * 251)
    assert response.status_code == 422
    assert "ab" * 251 in response.content.decode()
    assert "At most 500 characters; this has 502." in response.content.decode()


def test_the_second_reviewer_is_told_who_was_first(office, client, done, mia):
    review.decide(visit=done, decision=Decision.APPROVED, by=mia, now=timezone.now())
    response = decide(office, done, decision="approved")
    assert response.status_code == 422
    assert "Mia has already decided: Approved." in response.content.decode()
    assert 'value="approved"' not in response.content.decode()


# --- constant queries


def test_pages_cost_the_same_with_5_rows_and_with_50(office, make_case, ana, bruno, chen):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(url):
        office.get(url)
        with CaptureQueriesContext(connection) as queries:
            page(office.get(url))
        return len(queries)

    (visit, *_) = many(5, make_case=make_case, ana=ana, bruno=bruno, chen=chen)
    urls = [reverse("reviews"), reverse("cases"), reverse("review", args=[visit.pk])]
    few = [cost(url) for url in urls]
    many(46, make_case=make_case, ana=ana, bruno=bruno, chen=chen, start=5)
    assert [cost(url) for url in urls] == few
    assert max(few) <= 56


def test_the_51st_visit_stands_on_the_next_page(office, make_case, ana, bruno, chen):
    visits = many(52, make_case=make_case, ana=ana, bruno=bruno, chen=chen)
    html = page(office.get(reverse("reviews")))
    assert html.count('id="row-') == 50
    further = re.search(r'hx-get="(/office/\?after=[^"]+)"', html)[1]
    rows = page(office.get(further, headers=HTMX))
    assert [str(visit.pk) in rows for visit in visits[50:]] == [True, True]
    assert str(visits[49].pk) not in rows
    assert 'id="more"' not in rows
    names = re.findall(r'href="/office/cases/[^"]+">(Debtor \d+)', page(office.get(reverse("cases"))))
    assert len(names) == 50
    assert "Next 50" in page(office.get(reverse("cases")))


def test_a_made_up_page_token_means_the_start(office, done):
    for token in ("x", "W10", "WyJhIiwiYiJd", "%00"):
        assert "朵拉" in page(office.get(reverse("reviews") + f"?after={token}"))
        assert "朵拉" in page(office.get(reverse("cases") + f"?after={token}"))


# --- cases


@pytest.mark.parametrize(
    ("words", "found"), [("朵拉", True), ("拉", True), ("lc0000", True), ("C000", False), ("傅", False)]
)
def test_cases_are_found_by_name_and_contract(office, done, words, found):
    html = page(office.get(reverse("cases"), {"q": words}))
    assert (f'href="{reverse("case", args=[done.case.ref])}"' in html) is found
    assert ("No case is called" in html) is not found


def test_the_case_page_shows_debts_people_assignments_visits_and_record(office, done, bruno, chen):
    case_verbs.assign(cases=[done.case], collector=bruno, by=chen, now=NOW + timedelta(hours=2))
    html = page(office.get(reverse("case", args=[done.case.ref])))
    for words in (
        "8,011.50",
        "7,175.85",
        "715.65",
        "330105********4076",
        "190****0006",
        "given by Chen",
        "Ana",
        "Bruno",
    ):
        assert words in html
    assert "330105197404224076" not in html
    assert reverse("review", args=[done.pk]) in html
    lines = Entry.objects.filter(case=done.case).count()
    assert f"Record complete, {lines} lines" in html


def test_a_broken_record_is_called_so(office, done, monkeypatch):
    from fieldvisit import record

    monkeypatch.setattr(record, "_payload_hash", lambda salt, payload: "0" * 64)
    html = page(office.get(reverse("case", args=[done.case.ref])))
    assert "does not verify" in html
    assert "Record complete" not in html


def test_an_empty_list_of_cases_says_where_they_come_from(office, db):
    assert "No cases yet" in page(office.get(reverse("cases")))


# --- photos


@pytest.fixture
def photo(visit, ana):
    _, (saved,) = play(visit, Phone(ana), pictures=[jpeg()])
    bring(saved)
    return Photo.objects.get()


def test_a_photo_is_a_private_jpeg_and_its_original_a_download(office, photo):
    shown = office.get(reverse("photo", args=[photo.pk]))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "private" in shown["Cache-Control"]
    original = office.get(reverse("photo-original", args=[photo.pk]))
    assert original["Content-Type"] == "application/octet-stream"
    assert original["Content-Disposition"].startswith("attachment")


def test_what_the_collector_covered_in_a_photo_is_counted_at_the_desk(office, visit, ana):
    phone = Phone(ana)
    phone.started(visit)
    body = {"kind": "door", "caption": "", "width": 9, "height": 9, "position": None, "position_refused": "denied"}
    phone.append("visit.photo/1", body | {"covered": 2}, visit=visit, blobs=[jpeg()])
    phone.append("visit.photo/1", body | {"covered": 0}, visit=visit, blobs=[b"other"])
    phone.ended(visit)
    assert [verdict["status"] for verdict in phone.deliver()] == ["applied", "applied", "invalid", "applied"]
    assert Photo.objects.get().covered == 2
    assert page(office.get(reverse("review", args=[visit.pk]))).count("Covered by the collector: 2") == 1


def test_a_photo_of_another_teams_case_or_without_bytes_is_404(client, sign_in, photo, chen, xu, olga):
    chen.team = xu.team
    chen.save()
    assert sign_in(chen).get(reverse("photo", args=[photo.pk])).status_code == 404
    Photo.objects.update(derivative="")
    assert sign_in(olga).get(reverse("photo", args=[photo.pk])).status_code == 404


def test_a_photo_missing_on_disk_is_404(office, photo):
    Photo.objects.update(derivative="gone.jpg")
    assert office.get(reverse("photo", args=[photo.pk])).status_code == 404


def test_photos_stand_with_time_distance_and_a_drawing_to_scale(office, visit, ana, photo):
    Photo.objects.update(lat_e7=303003000, lon_e7=1201500000, accuracy_cm=1200)
    html = page(office.get(reverse("review", args=[visit.pk])))
    assert f'href="{reverse("photo", args=[photo.pk])}"' in html
    assert "· 33 m" in html
    assert html.count('class="ring"') == 3
    assert "33 m ± 12" in html
