"""The office writes a version of a clause set; a second person publishes it; it never changes again."""

import copy
from datetime import timedelta

import pytest
import rfc8785
from django.db import DatabaseError, transaction
from django.utils import timezone

from agreements import clause_sets, registry
from agreements.models import Agreement, ClauseDraft, ClauseSet, Sealed, State
from agreements.rules import document, wording
from agreements.rules.refusal import Refused as Unknown
from fieldvisit import wire
from fieldvisit.problems import Refused

SET = "cn-repayment"
FIRST = wording.load(SET)["version"] * 1000 + 1


@pytest.fixture
def draft(chen, now):
    return clause_sets.draft(set_id=SET, version=wording.load(SET)["version"], by=chen, now=now)


def texts(name="c16", said="您可以要求重新商量。提出要求不花一分钱。"):
    its = copy.deepcopy(next(one for one in wording.load(SET)["clause"] if one["id"] == name))
    its["text"]["zh-hans"][1] = said
    return {"heading": its["heading"], "explain": its.get("explain", {}), "text": its["text"]}


def published(draft, chen, mia, now, days=0, **said):
    day = timezone.localdate(now) + timedelta(days=days)
    draft = clause_sets.edit(draft=draft, clause="c16", texts=texts(**said), by=chen, now=now)
    clause_sets.ask(draft=draft, approved_from=day, reason="Plainer.", by=chen, now=now)
    return clause_sets.publish(draft=draft, by=mia, now=now)


def test_a_published_version_is_in_force_from_its_day(draft, chen, mia, now):
    today = timezone.localdate(now)
    made = published(draft, chen, mia, now, days=3)
    assert made.version == FIRST and not ClauseDraft.objects.exists()
    assert clause_sets.in_force(SET, today) == wording.load(SET)
    stands = clause_sets.in_force(SET, today + timedelta(days=3))
    assert (stands["version"], stands["approved_from"]) == (FIRST, made.approved_from.isoformat())
    assert "一分钱" in str(stands) and "一分钱" not in str(wording.load(SET))
    assert document.sha256(stands, canonical=rfc8785.dumps) == made.sha256
    assert clause_sets.load(SET, FIRST) == stands
    assert registry._clauses(chen, [], now + timedelta(days=3))[SET]["version"] == FIRST
    again = clause_sets.draft(set_id=SET, version=FIRST, by=chen, now=now)
    assert published(again, chen, mia, now, said="您可以要求重新商量。").version == FIRST + 1


def test_a_published_version_never_changes(draft, chen, mia, now):
    made = published(draft, chen, mia, now)
    for change in (
        lambda: ClauseSet.objects.filter(pk=made.pk).update(reason="x"),
        lambda: ClauseSet.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert ClauseSet.objects.get().body == made.body


def test_nobody_publishes_what_he_wrote(draft, chen, mia, now):
    draft = clause_sets.edit(draft=draft, clause="c16", texts=texts(), by=mia, now=now)
    clause_sets.ask(draft=draft, approved_from=timezone.localdate(now), reason="x", by=chen, now=now)
    for who in (chen, mia):
        with pytest.raises(Refused) as refused:
            clause_sets.publish(draft=draft, by=who, now=now)
        assert refused.value.code == "clauses.second"
    with pytest.raises(DatabaseError), transaction.atomic():
        ClauseSet.objects.create(set_id=SET, version=9999, body={}, sha256="", approved_from=now, reason="x",
                                 drafted_by=chen, approved_by=chen, at=now)  # fmt: skip


def test_what_is_edited_after_the_asking_must_be_asked_again(draft, chen, mia, now):
    draft = clause_sets.edit(draft=draft, clause="c16", texts=texts(), by=chen, now=now)
    clause_sets.ask(draft=draft, approved_from=timezone.localdate(now), reason="x", by=chen, now=now)
    draft = clause_sets.edit(draft=draft, clause="c16", texts=texts(said="可以商量。"), by=chen, now=now)
    with pytest.raises(Refused) as refused:
        clause_sets.publish(draft=draft, by=mia, now=now)
    assert refused.value.code == "clauses.not_asked"


@pytest.mark.parametrize(
    ("said", "days", "reason", "code"),
    [
        ("您放弃诉讼时效。", 0, "x", "clauses.refused"),
        ("{debtor}可以商量。", 0, "x", "clauses.refused"),
        ("", 0, "x", "clauses.refused"),
        ("可以商量。", -1, "x", "clauses.dates"),
        ("可以商量。", 0, "  ", "clauses.reason"),
    ],
)
def test_what_the_checklist_refuses_is_not_published(draft, chen, now, said, days, reason, code):
    draft = clause_sets.edit(draft=draft, clause="c16", texts=texts(said=said), by=chen, now=now)
    day = timezone.localdate(now) + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        clause_sets.ask(draft=draft, approved_from=day, reason=reason, by=chen, now=now)
    assert refused.value.code == code


def test_a_draft_is_one_is_different_and_may_be_thrown_away(draft, chen, mia, now):
    with pytest.raises(Refused) as refused:
        clause_sets.draft(set_id=SET, version=wording.load(SET)["version"], by=mia, now=now)
    assert refused.value.code == "clauses.draft_open"
    with pytest.raises(Refused) as refused:
        clause_sets.ask(draft=draft, approved_from=timezone.localdate(now), reason="x", by=chen, now=now)
    assert refused.value.code == "clauses.same"
    clause_sets.discard(draft=draft)
    assert not ClauseDraft.objects.exists()
    with pytest.raises(Refused) as refused:
        clause_sets.draft(set_id=SET, version=1, by=mia, now=now)
    assert refused.value.code == "clauses.refused", "a version from before the checklist cannot name its rows"


@pytest.mark.parametrize("version", [FIRST, 99, True, "3001", 2**40, -1])
def test_a_version_that_nobody_published_is_unknown(db, version):
    with pytest.raises(Unknown, match=r"wording\.unknown_set"):
        clause_sets.load(SET, version)


def test_a_paper_is_checked_against_the_version_that_it_names(draft, chen, mia, now, agreed, tell, deliver):
    made = published(draft, chen, mia, now)
    paper = agreed()
    named = paper | {"clauses": document.reference(made.body, canonical=rfc8785.dumps)}
    named["rendered_text"] = wording.render(made.body, wording.facts(paper))
    tell(named)
    deliver()
    row = Agreement.objects.get()
    assert (row.state, row.codes) == (State.SEALED, [])
    with Sealed.objects.get().evidence.open() as file:
        assert wire.parse(file.read())["clauses"]["version"] == FIRST


def test_a_paper_from_before_the_day_of_its_version_is_held(draft, chen, mia, now, agreed, tell, deliver):
    made = published(draft, chen, mia, now, days=9)
    paper = agreed()
    named = paper | {"clauses": document.reference(made.body, canonical=rfc8785.dumps)}
    named["rendered_text"] = wording.render(made.body, wording.facts(paper))
    tell(named)
    deliver()
    assert Agreement.objects.get().codes == ["seal.clauses"]
