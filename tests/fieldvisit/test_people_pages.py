"""Signing in and out at the office, the way home, languages, and the pages that refuse."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django_otp.oath import totp

from fieldvisit import people
from tests.cast import PASSWORD

SIGN_IN = "/sign-in/"


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


def code_of(user):
    return str(totp(user.totpdevice_set.get().bin_key)).zfill(6)


def enter(client, user, **changes):
    typed = {"username": user.username, "password": PASSWORD, "code": code_of(user)} | changes
    return client.post(SIGN_IN, typed)


def signed_in(client):
    return SESSION_KEY in client.session


# --- signing in


def test_name_password_and_code_together_sign_in(client, olga):
    assert enter(client, olga).url == "/"
    assert signed_in(client)
    assert client.get("/").url == "/office/"


@pytest.mark.parametrize("wrong", [{"password": "no"}, {"code": "000000"}, {"username": "nobody"}])
def test_whatever_is_wrong_the_sentence_is_the_same_and_the_name_stays(client, olga, wrong):
    response = enter(client, olga, **wrong)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Name, password and code do not fit together." in html
    assert f'value="{wrong.get("username", "olga")}"' in html
    assert PASSWORD not in html
    assert not signed_in(client)


def test_an_empty_form_marks_each_field_and_focuses_the_first(client, db):
    html = client.post(SIGN_IN, {"username": "", "password": "", "code": "12ab"}).content.decode()
    assert html.count('aria-invalid="true"') == 3
    assert html.count("autofocus") == 1
    assert html.index("autofocus") < html.index('name="password"')
    assert "Six digits" in html


def test_a_code_works_once(client, olga):
    code = code_of(olga)
    enter(client, olga, code=code)
    client.post("/sign-out/")
    assert enter(client, olga, code=code).status_code == 422


def test_after_signing_in_one_returns_to_where_one_was_going_but_never_elsewhere(client, olga, mia):
    wanted = client.get("/office/cases/?q=x").url
    html = client.get(wanted).content.decode()
    assert 'name="next" value="/office/cases/?q=x"' in html
    assert enter(client, olga, next="/office/cases/?q=x").url == "/office/cases/?q=x"
    client.post("/sign-out/")
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert enter(Client(), mia, next=elsewhere).headers.get("Location", "/") == "/"
        mia.totpdevice_set.update(last_t=-1, throttling_failure_count=0)


def test_a_password_alone_opens_nothing(client, olga, db):
    client.force_login(olga)
    assert client.get("/office/").url.startswith(SIGN_IN)
    assert client.get("/").url == SIGN_IN


def test_each_role_comes_home(client, sign_in, ana, chen, olga, mia):
    homes = {user: sign_in(user).get("/").url for user in (ana, chen, olga, mia)}
    assert homes == {ana: "/m/", chen: "/office/", olga: "/office/", mia: "/office/"}


def test_signing_out_needs_a_post_and_ends_the_session(client, sign_in, olga):
    sign_in(olga)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == SIGN_IN
    assert not signed_in(client)


# --- the demo


def test_the_demo_signs_in_with_one_tap_and_a_code_of_its_own(client, olga, monkeypatch):
    monkeypatch.setattr(people, "DEMO_PASSWORD", PASSWORD)
    assert 'name="demo" value="olga"' in client.get(SIGN_IN).content.decode()
    for _ in range(2):  # twice within the half minute of one code
        assert client.post(SIGN_IN, {"demo": "olga"}).url == "/"
        client.post("/sign-out/")


def test_outside_the_demo_nobody_is_offered_and_the_button_does_nothing(client, olga, settings, monkeypatch):
    monkeypatch.setattr(people, "DEMO_PASSWORD", PASSWORD)
    settings.DEMO = False
    assert "olga" not in client.get(SIGN_IN).content.decode()
    assert client.post(SIGN_IN, {"demo": "olga"}).status_code == 422
    assert not signed_in(client)


# --- languages


def test_the_language_is_the_users_on_every_device(client, sign_in, olga):
    sign_in(olga)
    response = client.post("/language/", {"language": "zh-hans", "next": "/office/"})
    assert response.url == "/office/"
    assert "没有待复核的走访" in client.get("/office/").content.decode()
    olga.refresh_from_db()
    assert olga.language == "zh-hans"
    other = Client(headers={"accept-language": "en"})
    enter(other, olga)
    assert "没有待复核的走访" in other.get("/office/").content.decode()


def test_a_stranger_may_switch_too_and_nonsense_changes_nothing(client, db):
    client.post("/language/", {"language": "zh-hans"})
    assert 'lang="zh-hans"' in client.get(SIGN_IN).content.decode()
    client.post("/language/", {"language": "xx"})
    assert 'lang="zh-hans"' in client.get(SIGN_IN).content.decode()


# --- refusals


@pytest.mark.parametrize(("language", "words"), [("en", "not there, or not for you"), ("zh-hans", "没有这一页")])
def test_a_missing_page_says_so_in_the_readers_language(db, language, words):
    response = Client(headers={"accept-language": language}).get("/office-nothing/")
    assert response.status_code == 404
    assert words in response.content.decode()


def test_a_stale_form_is_explained(db):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = strict.post(SIGN_IN, {"demo": "olga"})
    assert response.status_code == 403
    assert "Please send it once more" in response.content.decode()


def test_a_broken_server_speaks_both_languages(client, olga, sign_in, monkeypatch):
    from fieldvisit import search

    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(search, "by_words", broken)
    sign_in(olga)
    client.raise_request_exception = False
    response = client.get("/office/cases/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "服务器没有完成这一步" in html
    assert "The server did not finish this step" in html


# --- the developers' admin


def test_the_admin_is_for_staff_with_both_factors(client, sign_in, mia, olga):
    assert client.get("/admin/").status_code == 302
    client.force_login(mia)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(SIGN_IN)
    assert sign_in(mia).get("/admin/").status_code == 200
    assert sign_in(olga).get("/admin/").status_code == 302


def test_in_the_admin_what_happened_can_only_be_read(client, sign_in, mia, visit):
    sign_in(mia)
    assert client.get(f"/admin/fieldvisit/visit/{visit.pk}/change/").status_code == 200
    assert client.post(f"/admin/fieldvisit/visit/{visit.pk}/change/", {"outcome": "agreement"}).status_code == 403
    assert client.get("/admin/fieldvisit/visit/add/").status_code == 403
    assert client.get(f"/admin/fieldvisit/case/{visit.case_id}/delete/").status_code == 403
    assert client.get("/admin/fieldvisit/team/add/").status_code == 200
