"""The checklist of compliance.md part 2: what a set must say, what it may never say."""

import copy
import re

import pytest

from agreements.rules import clause_lint, wording
from agreements.rules.refusal import Refused
from tests.vectors.make_rules import CHOICE, OFFER, build, document_cases, signer_cases

RULES = clause_lint.checklist()
SET, CARD = wording.load("cn-repayment"), wording.load("cn-rights")
REQUIRED = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11a", "12", "17", "19", "20", "23"]
RECOMMENDED = ["11", "15", "16", "18", "21", "22"]
WRITTEN = [
    ("F1", "债务人放弃诉讼时效的抗辩。", "The debtor waives the limitation period."),
    ("F1", "本债务不受诉讼时效限制。", "You give up any time limit."),
    ("F1", "债权人可以永久追偿。", "The creditor may sue for this at any time."),
    ("F2", "到期不还，房屋归债权人所有。", "If you do not pay, the house becomes the property of the creditor."),
    ("F2", "车辆自动过户。", "On default the collateral passes to the creditor."),
    ("F3", "未付利息计入本金。", "Unpaid interest is added to the principal."),
    ("F3", "利息预先扣除。", "Interest is deducted up front."),
    ("F3", "逾期按年利率 36% 计息。", "Overdue sums bear 36 % a year."),
    ("F3", "按日计收千分之一的利息。", "Interest is compound interest."),
    ("F4", "违约金不得请求法院减少。", "The liquidated damages may never be reduced."),
    ("F4", "还款金额：____ 元。", "Amount: CNY ____."),
    ("F4", "金额以后由债权人填写。", "The amount may be filled in later."),
    ("F5", "每次上门另付上门费 200 元。", "A visit fee of CNY 200 is due for each visit."),
    ("F5", "债务人应向亲友借款偿还。", "You will borrow elsewhere to pay."),
    ("F6", "债权人可以联系您的家人和同事。", "The creditor may contact your relatives and colleagues."),
    ("F6", "债权人可以公开您的欠款信息。", "The creditor may publish your name and your debt."),
    ("F6", "工作人员可以进入住处，搬走财物。", "The collectors may enter your home and seize goods."),
    ("F7", "不还款就是犯罪，会坐牢。", "Not paying is a crime, and you may go to jail."),
    ("F7", "逾期进入终身黑名单。", "You will be put on a lifetime blacklist."),
    ("F7", "还清后删除征信不良记录。", "After payment we delete your credit record."),
    ("F8", "债务人不得投诉。", "You may not complain."),
    ("F8", "债务人放弃异议的权利。", "You waive the right to dispute the figures."),
    ("F8", "欠款以债权人记录为准。", "The creditor's records are final and binding."),
    ("F9", "见证人签名，就承担连带责任。", "The witness is jointly liable by signing here."),
    ("F9", "在场家属签字即视为保证。", "A family member's signature counts as a guarantee."),
]
HARMLESS = [
    ("不收催收费、上门费，也不收别的钱。", "There is no fee for collection or for visits."),
    ("欠钱还不上，本身不是犯罪。", "Being unable to pay is not in itself a crime."),
    ("这是单利，不计复利。", "This is simple interest, not compound."),
    ("签名以后，诉讼时效会重新计算。", "The time limit for suing then starts again."),
    ("您可以请求法院减少过高的违约金。", "You may ask a court to cut liquidated damages that are too high."),
    ("您的欠款不能告诉邻居、同事。", "Your debt may not be told to neighbours or colleagues."),
    ("没有您的同意，不能进入您家。", "Without your consent nobody may enter your home."),
    ("您可以投诉，也可以提出异议。", "You may complain, and you may dispute a figure."),
    ("见证人不是保证人，不承担还款责任。", "A witness is not a guarantor and does not pay."),
    ("没有在本协议上签名的人，不因本协议增加责任。", "Nobody who has not signed owes more because of it."),
]


def errors(clause_set: dict) -> list[clause_lint.Finding]:
    return [found for found in clause_lint.findings(clause_set) if found.level == "error"]


def clause(its: dict, name: str) -> dict:
    return next(one for one in its["clause"] if one["id"] == name)


@pytest.mark.parametrize("name", wording.names())
def test_the_sets_that_come_with_the_program_pass_without_advice(name):
    assert clause_lint.findings(wording.load(name)) == []
    clause_lint.check(wording.load(name))


@pytest.mark.parametrize("row", REQUIRED)
def test_a_set_without_a_required_row_is_refused_with_its_article(row):
    its = copy.deepcopy(SET)
    its["clause"] = [one for one in its["clause"] if row not in one["rows"]]
    found = [one for one in errors(its) if one.code == "row" and one.row == row]
    assert found and found[0].articles == tuple(RULES["row"][row]["articles"])
    with pytest.raises(Refused, match=r"clauses\.refused") as refused:
        clause_lint.check(its)
    assert refused.value.params["why"]


@pytest.mark.parametrize("row", REQUIRED)
def test_a_clause_that_only_stands_now_and_then_does_not_cover_a_row(row):
    its = copy.deepcopy(SET)
    for one in its["clause"]:
        if row in one["rows"]:
            one["when"] = "shift"
    assert row in {one.row for one in errors(its) if one.code == "row"}


@pytest.mark.parametrize("row", RECOMMENDED)
def test_what_is_recommended_is_advice(row):
    its = copy.deepcopy(SET)
    for one in its["clause"]:
        one["rows"] = [r for r in one["rows"] if r != row]
    assert [(found.level, found.row) for found in clause_lint.findings(its)] == [("advice", row)]
    clause_lint.check(its)


@pytest.mark.parametrize(("serves", "row"), [("guarantor", "13"), ("spouse", "14")])
def test_who_is_served_needs_his_row(serves, row):
    its = SET | {"serves": [one for one in SET["serves"] if one != serves]}
    its = its | {"clause": [one for one in its["clause"] if row not in one["rows"]]}
    assert not errors(its)
    assert [found.row for found in errors(its | {"serves": [*its["serves"], serves]})] == [row]


def test_the_rows_are_those_of_the_checklist():
    assert list(RULES["row"]) == [*map(str, range(1, 11)), "11a", "11", *map(str, range(12, 24))]
    assert list(RULES["forbidden"]) == [f"F{n}" for n in range(1, 10)]
    assert {row for row, its in RULES["row"].items() if its["status"] == "recommended"} == set(RECOMMENDED)


@pytest.mark.parametrize(("row", "zh", "en"), WRITTEN, ids=[f"{row}-{zh[:6]}" for row, zh, _en in WRITTEN])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("place", ["text", "heading", "explain", "card"])
def test_what_is_forbidden_is_refused_wherever_it_stands(row, zh, en, language, place):
    said = {"zh-hans": zh, "en": en}[language]
    its = copy.deepcopy(CARD if place == "card" else SET)
    if place == "card":
        its["lines"][language][0] = said
    elif place == "text":
        clause(its, "c18")["text"][language][0] += said
    else:
        clause(its, "c22")[place][language] = said
    found = [one for one in errors(its) if one.code == "forbidden" and one.row == row]
    assert found and found[0].articles == tuple(RULES["forbidden"][row]["articles"])


@pytest.mark.parametrize("disguised", ["放 弃 诉 讼 时 效", "放\u200b弃诉讼时效", "放弃诉讼时\u3000效"])
def test_gaps_and_hidden_signs_do_not_hide_it(disguised):
    assert clause_lint.forbidden(disguised, "zh-hans", RULES["forbidden"]["F1"])


def test_half_a_sentence_does_not_excuse_the_other():
    assert clause_lint.forbidden("不收手续费，但是收催收费。", "zh-hans", RULES["forbidden"]["F5"])
    assert clause_lint.forbidden("There is no other fee; a visit fee is due.", "en", RULES["forbidden"]["F5"])


@pytest.mark.parametrize("row", RULES["forbidden"])
def test_a_clause_that_declares_what_is_forbidden_is_refused(row):
    its = copy.deepcopy(SET)
    clause(its, "c18")["rows"].append(row)
    assert [(one.code, one.row) for one in errors(its)] == [("forbidden", row)]


@pytest.mark.parametrize(("zh", "en"), HARMLESS)
def test_harmless_words_pass(zh, en):
    its = copy.deepcopy(SET)
    clause(its, "c18")["text"] = {"zh-hans": [zh], "en": [en]}
    assert errors(its) == []


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("language", lambda c: c["text"].pop("en")),
        ("language", lambda c: c["text"]["en"].pop()),
        ("language", lambda c: c["heading"].update(en=" ")),
        ("explain", lambda c: c.pop("explain")),
        ("variable", lambda c: c["text"]["zh-hans"].__setitem__(0, "{nobody}")),
        ("mismatch", lambda c: c["text"]["zh-hans"].__setitem__(0, "{debtor}")),
        ("brace", lambda c: c["text"]["zh-hans"].__setitem__(0, "{Debtor}")),
        ("blank", lambda c: c["text"]["zh-hans"].__setitem__(0, "{agency}")),
        ("declared", lambda c: c.update(variables=["debtor"])),
        ("condition", lambda c: c.update(when="sunday")),
        ("row_unknown", lambda c: c["rows"].append("99")),
        ("article", lambda c: c.update(required_by=[])),
        ("character", lambda c: c["text"]["zh-hans"].__setitem__(0, "金额\u202e。")),
        ("form", lambda c: c.pop("rows")),
    ],
)
def test_what_is_not_whole_is_refused(code, change):
    its = copy.deepcopy(SET)
    change(clause(its, "c22"))
    assert code in {one.code for one in errors(its)}


def test_a_row_states_its_figures():
    its = copy.deepcopy(SET)
    c3 = clause(its, "c3")
    for texts in c3["text"].values():
        texts[3] = re.sub(r"\{penalty\}", "{cost}", texts[3])
    c3["variables"].remove("penalty")
    assert [(one.code, one.row, one.said) for one in errors(its)] == [("needs", "3", "penalty")]


@pytest.mark.parametrize(
    "broken", [{}, {"id": "x", "languages": None}, {"id": "x", "lines": 5, "languages": ["zh-hans", "en"]}]
)
def test_what_is_no_set_is_refused_without_stumbling(broken):
    assert [one.code for one in errors(broken)] == ["form"]


def test_facts_and_conditions_are_those_that_the_wording_knows():
    known, holds = set(), set()
    cases = [(*case, None) for case in document_cases()]
    cases += [(name, OFFER, CHOICE, language, others) for name, others, language in signer_cases()]
    for _name, offer, choice, language, others in cases:
        facts = wording.facts(build(offer, choice, language, others))
        holds |= set(facts["holds"])
        for condition, names in RULES["facts"].items():
            if condition in facts["holds"]:
                assert set(names) - {"allocation_words", "steps_words"} <= set(facts)
        known |= {name for name, value in facts.items() if isinstance(value, str)}
    declared = {name for names in RULES["facts"].values() for name in names}
    assert declared - {"allocation_words", "steps_words"} == known - {"language", "allocation"}
    assert set(RULES["conditions"]["known"]) == holds
