"""Letters of the office: courteous by their templates, warned of in what is typed, delivered with a proof."""

import json
from pathlib import Path

import pytest
from django.db import Error, transaction
from django.urls import reverse

from fieldvisit import letters, record
from fieldvisit.models import Letter, LetterDelivery
from fieldvisit.problems import Refused
from fieldvisit.rules import letters as templates
from fieldvisit.rules import speech
from tests.cast import NOW, TODAY


def write(case, by, kind="overdue-notice", text="", sure=False):
    return letters.make(case=case, kind=kind, text=text, sure=sure, by=by, now=NOW)


def test_no_template_says_what_may_not_be_said_and_one_that_did_is_found(monkeypatch):
    assert templates.findings() == []
    its = templates.templates()
    bad = its | {"overdue-notice": its["overdue-notice"] | {"zh-hans": ["再不还就报警，后果自负。"]}}
    monkeypatch.setattr(templates, "templates", lambda: bad)
    assert {row for _kind, _language, row, _words in templates.findings()} == {"F7", "S2"}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("您可以随时打电话告诉我们您的情况。", []),
        ("Please tell us which day suits you.", []),
        ("这是最后通牒", ["S2"]),
        ("法院会上门找您", ["S1"]),
        ("You will end up in jail.", ["F7"]),
        ("我们会通知您的单位", ["F6"]),
    ],
)
def test_what_a_person_types_is_looked_at(text, rows):
    assert [row for row, _words in speech.typed(text)] == rows


SHARED = json.loads((Path(__file__).parents[1] / "vectors/speech.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("story", SHARED["vectors"], ids=lambda story: story["text"])
def test_both_engines_find_the_same_words(story):
    assert [list(found) for found in speech.typed(story["text"])] == story["found"]


def test_the_shared_stories_were_made_from_these_words_and_use_each_of_them():
    assert SHARED["rules"] == speech.for_people()
    assert {row for story in SHARED["vectors"] for row, _ in story["found"]} == set(speech.for_people())


def test_the_desk_gets_the_words_with_reasons_in_its_language(sign_in, olga):
    for language, title in (("en", "Threat, insult or pressure"), ("zh-hans", "威胁、羞辱或施压")):
        words = sign_in(olga).get(reverse("words"), headers={"accept-language": language}).json()
        assert words["S2"]["title"] == title and "zh-hans" in words["S2"]


@pytest.mark.parametrize("kind", templates.KINDS)
def test_each_letter_is_a_paper_in_both_languages(visit, chen, kind):
    letter = write(visit.case, chen, kind, text="工资条两张")
    assert letter.pdf.open().read(5) == b"%PDF-"
    assert record.timeline(visit.case)[-1]["action"] == "letter.made"


def test_a_notice_of_a_visit_needs_a_visit(dora, chen):
    with pytest.raises(Refused) as refused:
        write(dora, chen, "visit-notice")
    assert refused.value.code == "letter.lacks" and not Letter.objects.exists()


def test_a_threat_is_stopped_until_somebody_has_looked_at_it(visit, chen, sign_in):
    page = sign_in(chen).post(
        reverse("case-letters", args=[visit.case.ref]), {"kind": "overdue-notice", "text": "这是最后通牒"}
    )
    assert page.status_code == 422 and "这是最后通牒</textarea>" in page.content.decode()
    letter = write(visit.case, chen, text="这是最后通牒", sure=True)
    assert letter.found == ["最后通牒"]


def test_its_delivery_stands_with_its_proof_and_neither_can_be_changed(visit, chen, sign_in):
    letter = write(visit.case, chen)
    said = {"letter": letter, "way": "post", "on": TODAY, "by": chen, "now": NOW}
    for reference, proof, code in (("", b"", "letter.delivery"), ("", b"<svg>", "letter.proof")):
        with pytest.raises(Refused) as refused:
            letters.deliver(reference=reference, proof=proof, **said)
        assert refused.value.code == code
    row = letters.deliver(reference="EMS 1234", proof=b"\x89PNG and more", **said)
    answer = sign_in(chen).get(reverse("letter-proof", args=[row.pk]))
    assert "attachment" in answer["Content-Disposition"] and b"".join(answer.streaming_content) == b"\x89PNG and more"
    page = sign_in(chen).get(reverse("case", args=[visit.case.ref])).content.decode()
    assert letter.number in page and "EMS 1234" in page
    for model in (Letter, LetterDelivery):
        with pytest.raises(Error), transaction.atomic():
            model.objects.all().delete()
