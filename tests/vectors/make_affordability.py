"""Writes affordability.json: households worked through to the last sentence.

    python -m tests.vectors.make_affordability

The figures of compliance.md E15 and the household that is short stand by hand in test_affordability.py: should this
file ever be written with other ones, that test says so.
"""

import json
from pathlib import Path

from agreements.rules import affordability
from agreements.rules.refusal import Refused
from tests.agreements.rules.households import POLICY, answered, said

E15 = said(wage=800000, food=420000, loan_debt=150000)
CASES = [
    ("E15", E15, {"instalment_fen": 180000, "owed_fen": 5000000}),
    ("E15 with the reserve", E15, {"instalment_fen": 207000}),
    ("E15, one fen into the reserve", E15, {"instalment_fen": 207001}),
    ("E15 in English", E15, {"language": "en"}),
    ("exactly 70 % of what is left", E15, {"instalment_fen": 161000}),
    ("a fen above 70 %", E15, {"instalment_fen": 161001}),
    ("exactly 90 %", E15, {"instalment_fen": 207000}),
    ("debts of exactly 55 %", said(wage=1000000, food=100000, card_debt=350000), {"instalment_fen": 200000}),
    ("debts a fen above 55 %", said(wage=1000000, food=100000, card_debt=350000), {"instalment_fen": 200001}),
    ("55 % of an odd income", said(wage=333333, food=1), {"instalment_fen": 183333}),
    ("debts of exactly 40 %", said(wage=1000000, food=100000, card_debt=350000), {"instalment_fen": 50000}),
    ("before tax, where it is known", said(wage=800000, gross=1000000, food=420000, loan_debt=150000), {}),
    ("before tax less than after: a slip", said(wage=800000, gross=700000, food=420000), {}),
    ("7,879 short", said(wage=1250000, benefit=12000, food=650000, rent=800000, medical=299900, card_debt=300000), {}),
    ("a fen short", said(wage=100000, food=100001), {"instalment_fen": 1}),
    ("nothing left", said(wage=100000, food=100000), {"instalment_fen": 1}),
    ("a fen left", said(wage=100001, food=100000), {"instalment_fen": 1}),
    ("a reserve rounds down", said(wage=230005, food=1), {"instalment_fen": 1}),
    ("nothing said", said(), {}),
    ("income alone is not enough", said(wage=900000), {"language": "en"}),
    ("living costs of nothing are none", said(wage=900000, food=0, rent=100000), {}),
    ("no income, said so", said(wage=0, food=100000), {}),
    ("rich, but tells nothing", said(declined=True), {"language": "en"}),
    ("debts take it all", said(wage=1000000, food=200000, card_debt=550000), {"language": "en"}),
    ("savings for 2.9 months", said(wage=500000, food=100000, cash=299999), {}),
    ("savings for three months", said(wage=500000, food=100000, cash=300000), {}),
    ("more than a thousandfold", said(wage=10**11, food=1, cash=10**11), {}),
    ("all items", said(**{item: 1000 + n for n, item in enumerate(affordability.GROUP)}), {}),
    ("an unknown cost is not dropped", said(wage=800000, food=1000, yacht=1), {}),
    ("half a fen", said(wage=0.5, food=1000), {}),
    ("less than nothing spent", said(wage=800000, food=-1), {}),
]


def main() -> None:
    vectors = [{"name": "words", "in": {}, "out": affordability.data()}]
    for name, statement, more in CASES:
        given = {"statement": statement, "policy": POLICY, "instalment_fen": 100000, "language": "zh-hans",
                 "owed_fen": 801150} | more  # fmt: skip
        try:
            vectors.append({"name": name, "in": given, "out": answered(given)})
        except Refused as refusal:
            vectors.append({"name": name, "in": given, "refused": refusal.code})
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    Path(__file__).with_name("affordability.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
