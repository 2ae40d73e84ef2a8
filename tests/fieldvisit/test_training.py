"""Ana reads a card on her phone; a rule changes and the card is due again; the desk sees who has read what."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from fieldvisit import packs, rule_changes, training
from fieldvisit.models import CardRead
from tests.cast import NOW, TODAY
from tests.phone import Phone


def due(user, now=NOW):
    return {each["card"]["id"] for each in training.state([user], now)[user.pk] if each["at"] is None}


def read(user, case, card):
    phone = Phone(user)
    known = training.state([user], NOW)[user.pk]
    version = next(each["version"] for each in known if each["card"]["id"] == card)
    body = {"card": card, "version": version, "language": "en"}
    phone.append("training.read/1", body, visit_id="", case_ref=case.ref)
    return phone.deliver()


def test_a_card_read_on_the_phone_is_due_no_more_until_one_of_its_rules_changes(ana, visit, dora, chen):
    assert "hours" in due(ana)
    read(ana, dora, "hours")
    assert "hours" not in due(ana) and "two" in due(ana)
    rule_changes.propose(
        pack="cn", rule="CN-TIME-01", values={"until": "21:00"}, reason="Stricter here.", valid_from=TODAY,
        valid_to=None, by=chen, now=NOW,
    )  # fmt: skip
    assert "hours" in due(ana) and "hours" in due(ana, NOW + timedelta(days=1))


def test_what_was_read_is_never_changed(ana, visit, dora):
    read(ana, dora, "hours")
    with pytest.raises(DatabaseError), transaction.atomic():
        CardRead.objects.all().delete()


def test_prepare_names_what_is_still_to_be_read_and_the_cards_are_in_the_pack(ana, visit, dora, now):
    read(ana, dora, "hours")
    pages = {(p["url"].rsplit("/", 1)[-1], p["language"]): p["html"] for p in packs.build(ana, now=now)["fragments"]}
    assert 'data-card="two@' in pages["prepare", "en"] and 'data-card="hours@' not in pages["prepare", "en"]
    assert "Two go, and enter only when asked in" in pages["cards", "en"]
    assert "两人同行" in pages["cards", "zh-hans"]


def test_the_supervisor_sees_who_of_his_team_has_read_what(sign_in, chen, ana, xu, visit, dora):
    read(ana, dora, "hours")
    page = sign_in(chen).get("/office/training/").content.decode()
    assert "Ana" in page and "Xu" not in page
    assert "未读" in page and "2026-11-24" in page
