"""The pages on which the office reads and rewrites clause sets."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements import clause_example, clause_sets
from agreements.models import ClauseDraft, ClauseSet
from agreements.rules import wording

SET, VERSION = "cn-repayment", wording.load("cn-repayment")["version"]
EDIT = reverse("clause-text", args=[SET, "c16"])


@pytest.fixture
def draft(chen, now):
    return clause_sets.draft(set_id=SET, version=VERSION, by=chen, now=now)


def typed(client, url, **changed):
    """What the page's form sends, with some fields written otherwise."""
    page = client.get(url).context["clause"]
    fields = {"heading-zh": page["heading"]["zh"], "heading-en": page["heading"]["en"]}
    for i, (_when, raw, _filled) in enumerate(page["pairs"]):
        fields |= {f"text-{i}-zh": raw["zh"], f"text-{i}-en": raw["en"]}
    return fields | changed


def test_a_version_is_written_shown_asked_for_and_published(chen, mia, sign_in):
    desk = sign_in(chen)
    assert desk.post(reverse("clause-copy", args=[SET, VERSION])).url == reverse("clause-draft", args=[SET])
    said = typed(desk, EDIT, **{"text-1-zh": "您可以要求再商量一次。", "text-1-en": "You may ask to talk again."})
    preview = desk.post(EDIT, said, headers={"HX-Request": "true"})
    assert "您可以要求再商量一次。" in preview.text and "<html" not in preview.text
    assert "再商量一次" not in str(ClauseDraft.objects.get().body), "a preview keeps nothing"
    assert desk.post(EDIT, said).status_code == 302
    page = reverse("clause-draft", args=[SET])
    wish = {"decision": "ask", "approved_from": timezone.localdate().isoformat(), "reason": "Plainer."}
    assert desk.post(page, wish).status_code == 302
    assert desk.post(page, {"decision": "publish"}).status_code == 422, "not by the one who wrote it"
    other = sign_in(mia)
    assert "Plainer." in other.get(page).text
    assert other.post(page, {"decision": "publish"}).url == reverse("clauses")
    row = ClauseSet.objects.get()
    assert (row.drafted_by, row.approved_by) == (chen, mia)
    assert "再商量一次" in other.get(reverse("clause-version", args=[SET, row.version])).text
    assert f">{row.version}</a>" in other.get(reverse("clauses")).text


def test_what_is_forbidden_is_named_beside_the_text(chen, sign_in, draft):
    desk = sign_in(chen)
    shown = desk.post(EDIT, typed(desk, EDIT, **{"text-0-zh": "您放弃诉讼时效。"}), headers={"HX-Request": "true"})
    assert "F1" in shown.text and "CC 197" in shown.text
    assert "complaint_phone" in shown.text, "the fact that only the translation still names"


@pytest.mark.parametrize("change", [{"text-0-zh": "长" * 1001}, {"text-0-en": None}])
def test_what_does_not_fit_is_not_kept(chen, sign_in, draft, change):
    desk = sign_in(chen)
    said = {name: value for name, value in typed(desk, EDIT, **change).items() if value is not None}
    assert desk.post(EDIT, said).status_code == 422
    assert ClauseDraft.objects.get().body == draft.body


def test_markup_is_text(chen, sign_in, draft):
    desk = sign_in(chen)
    shown = desk.post(EDIT, typed(desk, EDIT, **{"text-0-zh": "<b>x</b>"}), headers={"HX-Request": "true"})
    assert "<b>x</b>" not in shown.text and "&lt;b&gt;x" in shown.text


def test_a_draft_is_discarded(chen, sign_in, draft):
    assert sign_in(chen).post(reverse("clause-draft", args=[SET]), {"decision": "discard"}).status_code == 302
    assert not ClauseDraft.objects.exists() and not ClauseSet.objects.exists()


def test_the_rights_card_is_written_in_the_same_way(chen, sign_in, now):
    clause_sets.draft(set_id="cn-rights", version=1, by=chen, now=now)
    url = reverse("clause-text", args=["cn-rights", "lines"])
    desk = sign_in(chen)
    assert desk.post(url, typed(desk, url, **{"text-0-zh": "您可以看证件。"})).status_code == 302
    assert ClauseDraft.objects.get().body["lines"]["zh-hans"][0] == "您可以看证件。"


@pytest.mark.parametrize("url", [
    reverse("clause-version", args=[SET, 99]), reverse("clause-version", args=["nowhere", 1]),
    reverse("clause-draft", args=["cn-rights"]), reverse("clause-text", args=[SET, "c99"]),
])  # fmt: skip
def test_what_is_not_there_is_not_found(chen, sign_in, draft, url):
    assert sign_in(chen).get(url).status_code == 404


@pytest.mark.parametrize("name", wording.names())
def test_the_example_fills_every_brace(name):
    for clause in clause_example.clauses(wording.load(name)):
        for _when, _raw, filled in clause["pairs"]:
            assert not re.search(r"[{}]", filled["zh"] + filled["en"])
