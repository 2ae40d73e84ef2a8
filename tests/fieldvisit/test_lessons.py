"""Olga draws a lesson from Dora's case: nobody is in it, it is seen before it is saved, and it reaches the phones."""

import pytest

from fieldvisit import briefing, lessons, packs
from fieldvisit.models import Entry, Lesson, Note
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import Phone

STORY = "朵拉在双敏电子网络有限公司上班，住济南街99号，电话 19000000006。先听她说，再谈办法。"
SAID = {"title": "先听", "story": STORY, "lesson": "先听，再说。", "strategy": "find-out-first", "good": "yes"}


@pytest.fixture
def finished(dora, visit):
    dora.closed_at = NOW
    dora.save()
    return dora


def test_nothing_is_saved_before_it_was_shown_without_names_and_confirmed(sign_in, olga, finished):
    desk, url = sign_in(olga), f"/office/cases/{finished.ref}/lesson/"
    page = desk.post(url, SAID | {"act": "look"}).content.decode()
    assert "<s>朵拉</s>" in page and "先听她说" in page
    assert 'rows="8" required>▢在▢上班' in page
    assert desk.post(url, SAID | {"act": "save"}).status_code == 422
    assert not Lesson.objects.exists()
    assert desk.post(url, SAID | {"act": "save", "read": "yes"}).status_code == 302
    told = Lesson.objects.get()
    assert not any(word in told.story for word in ("朵拉", "双敏", "济南", "19000000006"))
    assert Entry.objects.filter(case=finished, action="lesson.saved").count() == 1


def test_a_case_that_goes_on_gives_no_lesson_yet(sign_in, olga, dora, visit):
    assert "<form class" not in sign_in(olga).get(f"/office/cases/{dora.ref}/lesson/").content.decode()
    with pytest.raises(Refused, match=r"not finished|尚未"):
        lessons.save(case=dora, strategy="find-out-first", good=True, said=SAID, read=True, by=olga, now=NOW)


def test_the_draft_is_made_of_notes_without_names(finished, visit, ana):
    phone = Phone(ana)
    phone.started(visit)
    phone.note(visit)
    phone.ended(visit)
    phone.deliver()
    assert Note.objects.exists() and lessons.draft(finished)["story"]
    assert "Ana" not in lessons.draft(finished)["story"]


def test_a_lesson_is_read_before_the_next_visit_until_it_is_taken_back(finished, visit, ana, olga, now):
    made = lessons.save(case=finished, strategy="find-out-first", good=True, said=SAID, read=True, by=olga, now=NOW)
    seen = packs.scope(ana, now)
    assert [row.pk for row in briefing.lessons(seen.visits[0], seen)] == [made.pk]
    lessons.withdraw(lesson=made, by=olga, now=NOW)
    seen = packs.scope(ana, now)
    assert briefing.lessons(seen.visits[0], seen) == []
