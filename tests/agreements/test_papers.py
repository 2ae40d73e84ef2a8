"""The sealed PDF: to people of the office who may see its case, as it was sealed, and to nobody else."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from agreements import timestamps
from agreements.models import Agreement, Sealed
from fieldvisit import store, wire


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def sealed(agreed, tell, deliver):
    tell(agreed())
    deliver()
    return Sealed.objects.get()


@pytest.fixture
def url(sealed):
    return reverse("agreement-pdf", args=[sealed.agreement_id])


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("who", ["olga", "mia", "chen"])
def test_the_office_gets_the_very_bytes(client, sign_in, sealed, url, who, request):
    response = sign_in(request.getfixturevalue(who)).get(url)
    assert wire.sha256(content(response)) == timestamps.newest(sealed).pdf_sha256
    assert response["Content-Type"] == "application/pdf"
    assert f"{sealed.agreement.number}.pdf" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("who", ["ana", "bruno", "xu"])
def test_collectors_have_no_papers(client, sign_in, url, who, request):
    assert sign_in(request.getfixturevalue(who)).get(url).status_code == 403


def test_a_supervisor_of_another_team_gets_404(client, sign_in, url, chen, xu):
    chen.team = xu.team
    chen.save()
    assert sign_in(chen).get(url).status_code == 404


def test_a_supervisor_without_a_team_gets_404(client, sign_in, url, chen):
    chen.team = None
    chen.save()
    assert sign_in(chen).get(url).status_code == 404


def test_strangers_and_one_factor_go_to_sign_in(client, url, olga):
    assert client.get(url).url == f"/sign-in/?next={url}"
    client.force_login(olga)
    assert client.get(url).url == f"/sign-in/?next={url}"


def test_no_paper_before_it_is_sealed(client, sign_in, olga, agreed, tell, deliver):
    deliver(tell(agreed())[:-1])
    agreement = Agreement.objects.get()
    sign_in(olga)
    for key in (agreement.pk, uuid.uuid4()):
        assert client.get(reverse("agreement-pdf", args=[key])).status_code == 404


def test_a_paper_whose_file_is_lost_is_404(client, sign_in, olga, sealed, url):
    store.path(timestamps.newest(sealed).pdf.name).unlink()
    assert sign_in(olga).get(url).status_code == 404


def test_it_can_only_be_looked_at(client, sign_in, olga, url):
    sign_in(olga)
    assert client.head(url).status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method(url).status_code == 405
