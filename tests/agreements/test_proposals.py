"""The offer: signed by the server, for a case as it stands, with no more about a person than a copy needs."""

from datetime import date, timedelta

import pytest

from agreements import proposals
from agreements.models import Offer
from fieldvisit import fragments, keys, packs, wire
from fieldvisit.models import Address, Case, Mandate, Party
from tests.cast import NOW, TODAY


def body(offer):
    return wire.parse(bytes(offer.body))


# --- signed


def test_it_is_signed_by_the_server(offer):
    assert keys.verify(bytes(offer.body), offer.sig, offer.key_id)
    assert wire.canonical(body(offer)) == bytes(offer.body)


def test_an_older_key_still_verifies_it(offer):
    keys.make("signing")
    assert keys.signing_key_id() != offer.key_id
    assert keys.verify(bytes(offer.body), offer.sig, offer.key_id)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"principal_fen":717585', b'"principal_fen":717586'),
        (b'"most_months":36', b'"most_months":37'),
        (b'"account_tail":"3306"', b'"account_tail":"3307"'),
    ],
)
def test_a_changed_offer_does_not_verify(offer, was, becomes):
    assert was in bytes(offer.body)
    assert not keys.verify(bytes(offer.body).replace(was, becomes), offer.sig, offer.key_id)


def test_a_changed_or_foreign_signature_does_not_verify(offer):
    other = ("A" if offer.sig[0] != "A" else "B") + offer.sig[1:]
    for sig, key_id in ((other, offer.key_id), ("", offer.key_id), ("*", offer.key_id), (offer.sig, "0" * 16)):
        assert not keys.verify(bytes(offer.body), sig, key_id)


def test_it_says_what_the_creditor_allows(offer, dora):
    said = body(offer)
    assert said["balance"] == {
        "principal_fen": 717585, "interest_fen": 0, "overdue_interest_fen": 71565, "penalty_fen": 12000, "cost_fen": 0,
        "as_of": "2026-11-24",
    }  # fmt: skip
    assert (said["methods"], said["annual_rate_ppm"]) == (["interest-free/1", "equal-instalment/1"], 60000)
    assert (said["least_fen"], said["most_months"], said["largest_reduction_fen"]) == (10000, 36, 0)
    assert (said["case_ref"], said["case_version"]) == (dora.ref, Case.objects.get().version)
    assert said["required_signers"] == [{"role": "debtor", "party": str(dora.parties.get().pk)}]


def test_without_principal_there_is_no_instalment_with_interest(make_case, policy):
    offer = proposals.offer_for(make_case(principal_fen=0), now=NOW)
    assert body(offer)["methods"] == ["interest-free/1"]


# --- how long


def test_it_is_used_again_while_it_is_valid(offer, dora):
    for days in (0, 1, 14):
        assert proposals.offer_for(dora, now=NOW + timedelta(days=days)).pk == offer.pk
    assert Offer.objects.count() == 1


def test_it_is_made_anew_when_it_has_expired(offer, dora):
    later = proposals.offer_for(dora, now=NOW + timedelta(days=15))
    assert later.pk != offer.pk
    assert later.valid_from == TODAY + timedelta(days=15)
    assert later.copy_token_sha256 != offer.copy_token_sha256


def test_it_is_made_anew_when_the_case_has_changed(offer, visit):
    old = visit.case  # a row read before the change must not bring the former offer back, nor a new one each time
    Case.objects.update(version=old.version + 1)
    first, second = (proposals.offer_for(old, now=NOW) for _ in range(2))
    assert first.pk == second.pk != offer.pk
    assert body(first)["case_version"] == old.version + 1


def test_it_ends_with_the_mandate(dora, policy):
    Mandate.objects.update(valid_until=TODAY + timedelta(days=3))
    offer = proposals.offer_for(dora, now=NOW)
    assert offer.valid_until == TODAY + timedelta(days=3)
    assert body(offer)["parties"]["agency"]["mandate_until"] == "2026-11-27"


# --- none


def test_none_for_a_closed_case(offer, dora):
    stale = Case.objects.get()
    Case.objects.update(closed_at=NOW)
    assert proposals.offer_for(stale, now=NOW) is None


def test_none_without_a_mandate_even_if_one_was_made_before(offer, dora):
    Mandate.objects.update(valid_until=TODAY - timedelta(days=1))
    assert proposals.offer_for(dora, now=NOW) is None


def test_none_before_the_mandate(dora, policy):
    Mandate.objects.update(valid_from=TODAY + timedelta(days=1))
    assert proposals.offer_for(dora, now=NOW) is None


def test_none_without_a_policy(dora):
    assert proposals.offer_for(dora, now=NOW) is None


def test_none_before_the_policy(dora, policy):
    policy.valid_from = TODAY + timedelta(days=1)
    policy.save()
    assert proposals.offer_for(dora, now=NOW) is None


def test_none_when_nothing_is_owed(make_case, policy):
    case = make_case(principal_fen=0, overdue_interest_fen=0, penalty_fen=0)
    assert proposals.offer_for(case, now=NOW) is None


def test_none_for_a_debtor_who_is_not_of_age(dora, policy):
    Party.objects.filter(case=dora).update(birth_date=TODAY.replace(year=2008) + timedelta(days=1))
    assert proposals.offer_for(dora, now=NOW) is None
    assert proposals.offer_for(dora, now=NOW + timedelta(days=1))


def test_none_without_a_debtor_or_a_debt(dora, make_case, policy):
    nobody, nothing = make_case("甲"), make_case("乙")
    nobody.parties.update(role="guarantor")
    nothing.debt.delete()
    assert set(proposals.offers_for([dora, nobody, nothing], now=NOW)) == {dora.pk}


def test_the_newest_policy_holds(dora, policy):
    policy.pk, policy.valid_from, policy.most_months = None, date(2026, 6, 1), 12
    policy.save()
    assert body(proposals.offer_for(dora, now=NOW))["most_months"] == 12


# --- many


@pytest.mark.parametrize("before", [False, True])
def test_thirty_cases_cost_as_many_queries_as_one(make_case, policy, django_assert_num_queries, before):
    one, many = [make_case()], [make_case(f"人{n}") for n in range(30)]
    if before:
        proposals.offers_for(one + many, now=NOW)
    queries = 5 if before else 14
    for cases in (one, many):
        with django_assert_num_queries(queries):
            assert len(proposals.offers_for(cases, now=NOW)) == len(cases)


# --- what it says of a person


def test_the_link_is_kept_only_as_its_hash(offer):
    token = proposals.copy_token(offer)
    assert len(bytes.fromhex(token)) == 32
    assert offer.copy_token_sha256 == wire.sha256(token.encode()) == body(offer)["copy_token_sha256"]
    row = Offer.objects.filter(pk=offer.pk).values().get()
    values = [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row.values()]
    assert not any(token.encode() in value for value in values)
    assert proposals.copy_url(offer).endswith(f"/d/{token}")


def test_every_offer_has_a_link_of_its_own(make_case, policy):
    made = proposals.offers_for([make_case() for _ in range(5)], now=NOW).values()
    assert len({proposals.copy_token(offer) for offer in made}) == 5


def test_account_identity_and_telephone_are_masked(offer, creditor, dora):
    raw, party = bytes(offer.body).decode(), dora.parties.get()
    assert body(offer)["parties"]["creditor"]["account_tail"] == "3306"
    for secret in (creditor.account_number, party.id_number, party.mobile, party.employer):
        assert secret not in raw
    debtor = body(offer)["parties"]["debtor"]
    assert (debtor["id_masked"], debtor["mobile_masked"]) == ("330105********4076", "190****0006")


def test_the_newest_home_is_the_address_for_letters(dora, policy):
    party = dora.parties.get()
    Address.objects.create(party=party, city="杭州市", street="新家路1号", source="test")
    Address.objects.create(party=party, kind="work", city="杭州市", street="单位路2号", source="test")
    assert body(proposals.offer_for(dora, now=NOW))["parties"]["debtor"]["address"] == "杭州市新家路1号"


def test_the_debtors_link_outlives_a_new_secret_key_and_a_new_signing_key(offer, settings):
    before = proposals.copy_token(offer)
    settings.SECRET_KEY = "another" * 10
    keys.make(keys.SIGNING)
    assert proposals.copy_token(offer) == before
    assert proposals.token_hash(before) == offer.copy_token_sha256


# --- why there is none


def none(case):
    found, why = proposals.offered([case], now=NOW)
    assert not found
    return why[case.pk].code, why[case.pk].params


def test_a_name_that_no_face_draws_is_said_before_he_signs(make_case, policy):
    case = make_case("朵\U0002c386")
    assert none(case) == ("no_offer.name", {"character": "\U0002c386"})
    case.parties.update(name="朵拉")
    assert proposals.offer_for(case, now=NOW)


def test_so_is_an_address_and_the_rarer_character_that_is_drawn_is_offered(make_case, policy):
    assert proposals.offer_for(make_case("\U00020bb7田"), now=NOW)
    case = make_case()
    Address.objects.filter(party__case=case).update(street="\U0002c386路1号")
    assert none(case) == ("no_offer.character", {"character": "\U0002c386"})


def test_each_reason_has_its_code(dora, make_case, policy):
    nobody, nothing, closed = make_case("甲"), make_case("乙"), make_case("丙")
    nobody.parties.update(role="guarantor")
    nothing.debt.delete()
    Case.objects.filter(pk=closed.pk).update(closed_at=NOW)
    found, why = proposals.offered([dora, nobody, nothing, closed], now=NOW)
    assert set(found) == {dora.pk}
    assert {pk: refused.code for pk, refused in why.items()} == {
        nobody.pk: "no_offer.debtor", nothing.pk: "no_offer.debt", closed.pk: "no_offer.closed",
    }  # fmt: skip
    Party.objects.filter(case=dora).update(birth_date=TODAY.replace(year=2008) + timedelta(days=1))
    Offer.objects.all().delete()
    assert none(dora)[0] == "no_offer.minor"
    policy.delete()
    assert none(dora)[0] == "no_offer.policy"
    Mandate.objects.update(valid_until=TODAY - timedelta(days=1))
    assert none(dora)[0] == "no_offer.mandate"


def test_a_claim_above_the_ceiling_and_an_old_debt_say_so_on_the_step_agree(visit, ana, policy):
    def page(language="en"):
        seen = packs.scope(ana, NOW)
        return fragments.render(packs.fragment("agree", seen.visits[0], seen), language)

    assert "Nothing can be signed today" not in page()
    Offer.objects.all().delete()
    policy.lender, policy.annual_rate_ppm = "private", 900_000
    policy.save()
    assert "is above what the law allows for this loan" in page()
    visit.case.debt.due_since = date(2015, 1, 1)
    visit.case.debt.save()
    assert "may be past its time limit" in page()
    assert "诉讼时效" in page("zh-hans")
