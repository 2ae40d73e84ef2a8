"""Who may sign beside the debtor, and what of a guarantee the law lets stand."""

import copy

import pytest

from agreements.rules import clause_lint, signers, wording
from tests.vectors.make_rules import GUARANTOR, OTHERS

SERVED = wording.load("cn-repayment")["serves"]
LAST = {"last_due": "2027-11-25", "in_all_fen": 801150}


def wrong(others, known=(), served=SERVED):
    return signers.wrong(others, list(known), served, **LAST)


def test_one_of_each_role_and_both_collectors_may_sign():
    assert wrong(OTHERS) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"most_fen": 801151}, ["guarantee.most"]),
        ({"most_fen": 0}, ["guarantee.most"]),
        ({"most_fen": True}, ["guarantee.most"]),
        ({"until": "2027-11-25"}, ["guarantee.until"]),  # Civil Code 692: it would count as no period at all
        ({"until": "2027-11-26"}, []),
        ({"until": "soon"}, ["signer.form"]),
        ({"mode": "any"}, ["signer.form"]),
        ({"kind": "stands"}, ["signer.form"]),
    ],
)
def test_a_new_guarantee_names_its_sum_and_its_last_day(change, codes):
    assert wrong([GUARANTOR | {"guarantee": GUARANTOR["guarantee"] | change}]) == codes


def known(ended):
    his = {name: GUARANTOR[name] for name in ("party", "role", "name", "id_masked")}
    return his | {"guarantee": {"until": "2027-01-29", "ended": ended}}


def test_nothing_revives_a_guarantee_whose_period_has_ended():
    stands = GUARANTOR | {"guarantee": {"kind": "stands", "until": "2027-01-29"}}
    assert wrong([stands], [known(ended=True)]) == ["guarantee.ended"]
    assert wrong([GUARANTOR], [known(ended=True)]) == ["guarantee.ended"]


def test_a_changed_plan_does_not_move_the_period_of_an_earlier_guarantee():
    assert wrong([GUARANTOR | {"guarantee": {"kind": "stands", "until": "2027-01-29"}}], [known(ended=False)]) == []
    moved = GUARANTOR | {"guarantee": {"kind": "stands", "until": "2028-01-29"}}
    assert wrong([moved], [known(ended=False)]) == wrong([GUARANTOR], [known(ended=False)]) == ["guarantee.period"]


@pytest.mark.parametrize(
    ("others", "codes"),
    [
        ([OTHERS[0], OTHERS[0]], ["signer.form"]),
        ([OTHERS[1], OTHERS[0]], ["signer.form"]),
        ([OTHERS[4], OTHERS[4]], ["signer.form"]),
        ([OTHERS[0] | {"name": ""}], ["signer.form"]),
        ([OTHERS[0] | {"salary": "1"}], ["signer.form"]),
        ([OTHERS[2] | {"joins": 1}], ["signer.form"]),
        ([OTHERS[0] | {"role": "witness"}], ["signer.role", "signer.form"]),
        (["x"], ["signer.form"]),
    ],
)
def test_people_who_are_not_described_as_agreed(others, codes):
    assert wrong(others) == codes


def test_a_set_that_does_not_serve_a_role_lets_nobody_sign_in_it():
    assert wrong([GUARANTOR], served=["cards"]) == ["signer.role"]


def test_a_person_of_the_case_keeps_the_name_of_the_file():
    assert wrong([GUARANTOR | {"name": "傅猛"}], [known(ended=False)])[0] == "signer.known"


@pytest.mark.parametrize("row", ["13", "14"])
def test_a_set_that_serves_guarantor_or_spouse_must_have_their_clause(row):
    its = copy.deepcopy(wording.load("cn-repayment"))
    its["clause"] = [clause for clause in its["clause"] if row not in clause["rows"]]
    assert [(f.code, f.row) for f in clause_lint.findings(its) if f.level == "error"] == [("row", row)]


def test_each_who_signs_has_a_card_and_a_consent_of_his_own():
    its = copy.deepcopy(wording.load("cn-repayment"))
    del its["signer"]["spouse-knows"]
    its["signer"]["guarantor"]["consent"]["en"] = " "
    its["signer"]["collector"]["rights"]["zh-hans"][0] = "不签就报警。"
    found = [(f.code, f.where) for f in clause_lint.findings(its) if f.level == "error"]
    assert found == [("signer", "signer.guarantor"), ("signer", "signer.spouse-knows"),
                     ("forbidden", "signer.collector.1")]  # fmt: skip
