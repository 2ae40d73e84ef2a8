import copy
import re

import pytest
import rfc8785

from agreements.rules import document, wording
from agreements.rules.refusal import Refused
from tests.vectors.make_rules import CHOICE, OFFER, build

from .reading import vectors


@pytest.mark.parametrize("vector", vectors("document"))
def test_a_document_is_the_same_text_and_hash_everywhere(vector):
    given = vector["in"]
    if "refused" in vector:
        with pytest.raises(Refused, match=re.escape(vector["refused"])):
            build(given["offer"], given["choice"], given["language"])
        return
    agreement = build(given["offer"], given["choice"], given["language"], given.get("others"))
    assert [paragraph["text"] for paragraph in agreement["rendered_text"]] == vector["out"]["texts"]
    sha256 = document.terms_hash(agreement, canonical=rfc8785.dumps)
    assert (sha256, document.check_code(sha256)) == (vector["out"]["terms_sha256"], vector["out"]["check_code"])


def test_every_signed_part_changes_the_hash():
    agreement = build(OFFER, CHOICE)
    before = document.terms_hash(agreement, canonical=rfc8785.dumps)
    for name in document.SIGNED:
        other = copy.deepcopy(agreement) | {name: "x"}
        assert document.terms_hash(other, canonical=rfc8785.dumps) != before, name


def test_the_highlighting_is_inside_the_hash():
    agreement = build(OFFER, CHOICE)
    before = document.terms_hash(agreement, canonical=rfc8785.dumps)
    agreement["rendered_text"][5]["key"] = not agreement["rendered_text"][5]["key"]
    assert document.terms_hash(agreement, canonical=rfc8785.dumps) != before


def test_an_agreement_has_the_agreed_keys_and_no_others():
    assert set(build(OFFER, CHOICE)) == {
        "schema", "agreement_id", "offer_id", "offer_sig", "supersedes", "parties", "terms", "schedule", "clauses",
        "rendered_text", "language", "affordability", "rights_card", "required_signers",
    }  # fmt: skip


def test_building_leaves_the_offer_alone():
    before = copy.deepcopy(OFFER)
    build(OFFER, CHOICE | {"reduction_fen": 12000})
    assert before == OFFER


def test_the_server_can_render_again_what_the_phone_showed():
    agreement = build(OFFER, CHOICE, "en")
    clauses = wording.load(agreement["clauses"]["id"], agreement["clauses"]["version"])
    assert document.reference(clauses, canonical=rfc8785.dumps) == agreement["clauses"]
    assert wording.render(clauses, wording.facts(agreement)) == agreement["rendered_text"]
