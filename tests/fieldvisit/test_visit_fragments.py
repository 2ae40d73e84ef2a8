"""The pages of a visit as the phone fetches them: one address, two answers, and nobody else's work."""

import hashlib
import re
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fieldvisit import packs
from fieldvisit.models import Address, FormerBalance, Visit
from tests.cast import NOW

STEPS = ("prepare", "arrive", "talk", "agree", "leave")
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def url(visit, step="prepare"):
    return f"/m/visits/{visit.pk}/{step}"


def page(client, visit, step="prepare", language="en"):
    return client.get(url(visit, step), headers=HX | {"X-Language": language})


@pytest.mark.parametrize("step", STEPS)
def test_a_navigation_gets_the_shell_without_a_session(visit, client, step):
    answer = client.get(url(visit, step))
    assert answer.status_code == 200 and not answer.cookies
    assert "data-page" not in answer.content.decode()


@pytest.mark.parametrize("step", STEPS)
def test_a_fragment_hashes_to_its_etag_and_is_not_kept_on_the_way(visit, ana, sign_in, step):
    answer = page(sign_in(ana), visit, step)
    assert answer.status_code == 200
    assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert (
        answer["Cache-Control"] == "no-store" and "HX-Request" in answer["Vary"] and answer["X-Fieldvisit-API"] == "1"
    )


def test_the_same_fragment_again_is_304(visit, ana, sign_in):
    client = sign_in(ana)
    etag = page(client, visit)["ETag"]
    again = client.get(url(visit), headers=HX | {"X-Language": "en", "If-None-Match": etag})
    assert again.status_code == 304 and not again.content


def test_fetched_alone_or_with_the_pack_the_bytes_are_the_same(visit, ana, sign_in):
    pieces = {(p["url"], p["language"]): p["html"] for p in packs.build(ana, now=NOW)["fragments"]}
    client = sign_in(ana)
    for step in STEPS:
        for language in ("zh-hans", "en"):
            assert page(client, visit, step, language).content.decode() == pieces[url(visit, step), language]


def test_no_session_is_401_in_json_and_never_a_redirect(visit, client):
    answer = page(client, visit)
    assert answer.status_code == 401 and answer.json()["code"] == "sign_in"


def test_a_stranger_gets_404(visit, xu, bruno, sign_in):
    assert page(sign_in(xu), visit).status_code == 404
    assert page(sign_in(bruno), visit).status_code == 404  # he goes along; the visit is Ana's


def test_an_unknown_step_and_an_unknown_visit_are_404(visit, ana, sign_in):
    client = sign_in(ana)
    assert page(client, visit, "dance").status_code == 404
    assert client.get(f"/m/visits/{uuid4()}/prepare", headers=HX).status_code == 404


def test_the_briefing_says_who_how_much_and_since_when(visit, ana, sign_in):
    html = page(sign_in(ana), visit).content.decode()
    assert "52 years" in html and "330105********4076" in html and "330105197404224076" not in html
    assert "190****0006" in html and 'href="tel:19000000006"' in html
    assert "8,011.50" in html and "214 days overdue" in html and "89.6%" in html
    assert "Two go together: Bruno" in html and "Mandate valid until 2027-03-31" in html
    assert "This is the first visit." in html


def test_no_offer_is_said_in_words(visit, ana, sign_in):
    assert "There is no offer for this case" in page(sign_in(ana), visit).content.decode()


def test_earlier_visits_are_told_with_his_words(visit, ana, dora, sign_in):
    Visit.objects.create(
        case=dora,
        collector=ana,
        planned_on=NOW.date() - timedelta(days=3),
        started_at=NOW - timedelta(days=3),
        ended_at=NOW - timedelta(days=3),
        outcome="not_met",
    )
    html = page(sign_in(ana), visit).content.decode()
    assert "2026-11-21" in html and "Nobody met" in html
    assert "Visited 1 times in the last 7 days; again from 2026-11-28" in html


def test_the_picture_of_the_debt_fills_its_width_and_needs_no_style(visit, ana, sign_in):
    html = page(sign_in(ana), visit).content.decode()
    places = [(int(x), int(w)) for x, w in re.findall(r'<rect class="p\d" x="(\d+)" y="0" width="(\d+)"', html)]
    assert places[0][0] == 0 and 980 <= places[-1][0] + places[-1][1] <= 1000
    assert all(x + w <= following for (x, w), (following, _) in pairwise(places))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_in_a_fragment_is_forbidden_by_the_content_policy(visit, ana, sign_in, step, language):
    html = page(sign_in(ana), visit, step, language).content.decode()
    assert not re.search(r'\sstyle="|<script|\son\w+="|<style', html)


@pytest.mark.parametrize("step", STEPS)
def test_every_field_has_a_label_and_no_id_stands_twice(visit, ana, sign_in, step):
    html = page(sign_in(ana), visit, step).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'\sfor="([^"]+)"', html):
        assert target in ids


def test_words_of_people_never_become_markup(visit, ana, dora, sign_in):
    party = dora.parties.get()
    party.name = party.employer = "<b>Dora</b>"
    party.save()
    Address.objects.update(street="<i>济南街</i>99号")
    html = page(sign_in(ana), visit).content.decode()
    assert "<b>Dora" not in html and "<i>济南街" not in html and "&lt;b&gt;Dora" in html


def test_a_case_without_debt_address_or_second_is_still_a_page(visit, ana, dora, sign_in):
    FormerBalance.objects.all().delete()
    dora.debt.delete()
    Visit.objects.filter(pk=visit.pk).update(address=None, second=None, planned_start=None, planned_end=None)
    client = sign_in(ana)
    assert "gives no figures" in page(client, visit).content.decode()
    assert client.get("/m/today", headers=HX | {"X-Language": "en"}).status_code == 200


def test_a_page_asks_the_database_a_fixed_number_of_times(visit, ana, sign_in, dora):
    client = sign_in(ana)

    def queries():
        page(client, visit)
        with CaptureQueriesContext(connection) as asked:
            page(client, visit)
        return len(asked)

    def earlier(n):
        Visit.objects.create(
            case=dora,
            collector=ana,
            planned_on=NOW.date() - timedelta(days=n * 10),
            ended_at=NOW - timedelta(days=n * 10),
            outcome="not_met",
        )

    earlier(1)
    before = queries()
    for n in range(2, 8):
        earlier(n)
    assert queries() == before


def test_the_pack_over_the_wire_and_304_for_the_same_state(visit, ana, sign_in):
    client = sign_in(ana)
    pack = client.get("/sync/pack")
    state = pack.json()["state"]
    assert pack.status_code == 200 and pack["X-Fieldvisit-API"] == "1" and pack["Cache-Control"] == "no-store"
    assert client.get(f"/sync/pack?since={state}").status_code == 304
    assert client.get("/sync/pack", headers={"If-None-Match": f'"{state}"'}).status_code == 304
    assert client.get("/sync/pack?since=other").status_code == 200


def test_the_pack_is_for_collectors(visit, olga, client, sign_in):
    assert client.get("/sync/pack").status_code == 401
    assert sign_in(olga).get("/sync/pack").status_code == 403
