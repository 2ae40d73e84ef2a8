"""Agreements to draw and seal: small ones made by hand, so that these tests need no other part."""

import hashlib
import json
import math
import random

CREDITOR = {"name": "甲银行股份有限公司", "account_name": "甲银行股份有限公司贷款回收专户", "account_bank": "甲银行杭州分行",
            "account_tail": "3306", "complaint_phone": "95500"}
AGENCY = {"name": "乙资产服务有限公司", "mandate": "委字 2026-118", "mandate_until": "2027-03-31"}
CLAUSES_ZH = [
    ("c1", False, "双方", ["甲银行股份有限公司是债权人。乙资产服务有限公司受它委托上门，不能改欠款，不能收钱。", "傅琳是债务人。"]),
    ("c2", False, "来源", ["欠款来自合同 LC000388。合同在 2024 年 3 月 5 日订立，当时放款 10,000.00 元。"]),
    ("c3", True, "现在欠多少", ["截至 2026 年 11 月 24 日，一共欠 8,011.50 元，大写人民币捌仟零壹拾壹元伍角整。",
                            "其中本金 7,175.85 元，逾期利息 715.65 元，违约金 120.00 元。"]),
    ("c4", True, "怎样还", ["分 12 期还，每月 25 日一期。第一期 2026 年 12 月 25 日。", "按期还的时候，不再计收利息与违约金。"]),
    ("c5", True, "付到哪里", ["只付到甲银行账户，尾号 3306。任何人不得收取现金、催收费或上门费。"]),
    ("c6", False, "先抵什么", ["每笔还款先抵费用，再抵利息，再抵本金，最后抵违约金。", "你可以提前还，不另收钱。"]),
    ("c7", True, "少还或没还", ["到期后 7 天内补上，不加收任何费用。累计两期没还的，甲银行书面通知后，可以要求一次还清剩下的钱。"]),
    ("c8", True, "什么时候生效", ["甲银行盖电子印章并把副本交给你，本协议才生效，欠款的确认也同时生效。", "7 天内没有盖章，本协议作废。签名后 3 天内你可以撤回。"]),
    ("c9", False, "性质", ["本协议改变原合同的还款安排，不是新的借款。原合同其余约定不变。"]),
    ("c10", False, "有困难时", ["有困难，可以要求重新协商。按期还的时候，暂停催收。"]),
    ("c11", True, "自愿", ["你知道可以不签。没有人强迫你。你看过全文，也收到了副本。"]),
    ("c12", False, "电子签名", ["双方同意用电子签名。怎样保存、提取与核对，写在证明页。"]),
    ("c13", False, "个人信息", ["为了这份协议，我们处理你的姓名、证件号、地址和手机号。签名笔迹是敏感信息，另外征求你的同意。"]),
    ("c14", False, "争议与投诉", ["先协商，可以调解，30 日内可以共同申请司法确认。", "投诉：甲银行 95500，或者 12378。"]),
]
CLAUSES_EN = [
    ("c1", False, "The parties", ["Jia Bank Co., Ltd. is the creditor. The Chinese text governs."]),
    ("c3", True, "What is owed now", ["On 24 November 2026 you owe 8,011.50 yuan in all: principal 7,175.85, overdue interest 715.65, "
                                      "liquidated damages 120.00."]),
    ("c4", True, "How to pay", ["You pay in 12 instalments, on the 25th of each month, the first on 25 December 2026.",
                                "While you keep to the plan, no interest and no damages are added."]),
    ("c8", True, "When it binds", ["It binds when the bank has sealed it and you have the copy. Without the seal within 7 days it lapses. "
                                   "You may withdraw within 3 days."]),
    ("c14", False, "Complaints", ["Complain to the bank, or call 12378."]),
]


def rows(count, total=801150):
    """An interest-free plan that pays penalty-free principal only: enough to draw."""
    each, left, out = total // count, total, []
    for n in range(1, count + 1):
        amount = each if n < count else left
        left -= amount
        month = 11 + n
        out.append({"n": n, "due": f"{2026 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-25", "principal_fen": amount,
                    "interest_fen": 0, "penalty_fen": 0, "cost_fen": 0, "amount_fen": amount, "balance_fen": left})
    return out


def agreement(*, name="傅琳", count=12, language="zh-hans", reduction=0):
    clauses = CLAUSES_ZH if language == "zh-hans" else CLAUSES_EN
    schedule = rows(count, 801150 - reduction)
    text = [{"id": f"{c}.{i}", "clause": c, "key": key, "heading": heading, "text": words.replace("傅琳", name)}
            for c, key, heading, paragraphs in clauses for i, words in enumerate(paragraphs, 1)]
    text += [{"id": f"schedule.{r['n']}", "clause": "schedule", "key": True, "heading": "还款安排",
              "text": f"第 {r['n']} 期 {r['due']} {r['amount_fen'] / 100:,.2f} 元"} for r in schedule]
    creditor = CREDITOR if language == "zh-hans" else CREDITOR | {"name": "Jia Bank Co., Ltd.", "account_name": "Jia Bank recovery",
                                                                  "account_bank": "Jia Bank Hangzhou"}
    return {
        "schema": "agreement/1", "agreement_id": "0193-a", "offer_id": "0193-o", "offer_sig": "x", "supersedes": None,
        "parties": {"creditor": creditor, "agency": AGENCY,
                    "debtor": {"party": "p-1", "name": name, "id_masked": "330105********4076", "mobile_masked": "190****0006",
                               "address": "浙江省杭州市拱墅区济南街99号24栋1单元1402室"},
                    "debt": {"contract": "LC000388", "formed_on": "2024-03-05", "original_fen": 1000000, "product": "个人消费贷款"}},
        "terms": {"currency": "CNY", "balance": {"principal_fen": 717585, "interest_fen": 0, "overdue_interest_fen": 71565,
                                                 "penalty_fen": 12000, "cost_fen": 0, "as_of": "2026-11-24"},
                  "method": "interest-free/1", "instalments": count, "annual_rate_ppm": 0,
                  "reduction": {"fen": reduction, "becomes_final": None}},
        "schedule": schedule, "clauses": {"id": "cn-repayment", "version": 1, "sha256": "0" * 64}, "rendered_text": text,
        "language": language, "affordability": None, "rights_card": {"id": "cn-rights", "version": 1, "sha256": "1" * 64},
        "required_signers": [{"role": "debtor", "party": "p-1"}],
    }


def scrawl(seed=7, strokes=9):
    """A made-up hand: arcs from a seeded generator, 1/100 px inside an 820 by 300 pad."""
    rng, t, out, x = random.Random(seed), 0, [], 9000.0
    for _ in range(strokes):
        x, y, angle = x + rng.uniform(1500, 6500), rng.uniform(7000, 14000), rng.uniform(-0.6, 2.2)
        px, py, stroke = x, y, []
        for step in range(rng.randrange(8, 30)):
            stroke.append([min(max(round(px), 0), 82000), min(max(round(py), 0), 30000), t, 0])
            angle += rng.uniform(-0.25, 0.32)
            pace = rng.uniform(300, 900)
            px, py, t = px + math.cos(angle) * pace, py + math.sin(angle) * pace, t + rng.randrange(8, 24)
        t += rng.randrange(80, 260)
        out.append(stroke)
    return out


ONE = [[[20000 + 400 * i, 15000 - 6 * i, 12 * i, 0] for i in range(60)]]


def signature(data=None, *, role="debtor", party="p-1"):
    return {"schema": "signature/1", "agreement_id": "0193-a", "terms_sha256": "7f3a91c20b6ed45a" * 4,
            "signer": {"role": role, "party": party, "id_check": "seen:id-card",
                       "consents": ["electronic-form", "read", "no-duress", "copy-received"]},
            "display": {"w": 412, "h": 915, "font_px": 20, "reached_end": True, "visible_ms": 228000},
            "strokes": {"pad": [82000, 30000], "pointer": "touch", "data": scrawl() if data is None else data},
            "collectors": ["zhou", "shen"], "location": None, "photos": []}


def facts(**changed):
    return {
        "number": "FV-2026-000001", "check_code": "7F3A-91C2-0B6E-D45A", "terms_sha256": "7f3a91c20b6ed45a" * 4,
        "evidence_sha256": "c41d08e97ab2536f" * 4, "verify_url": "https://repay.example/d/4Wq0uX3mYtK1o9sZpR7vB2nC6hL8dEfGjAaQxJkTwSi",
        "clocks": [
            {"event": "proposed", "device": "2026-11-24T10:19:40+08:00", "corrected": "2026-11-24T10:26:42+08:00",
             "received": "2026-11-24T10:52:13+08:00"},
            {"event": "signed:debtor", "device": "2026-11-24T10:24:07+08:00", "corrected": "2026-11-24T10:31:09+08:00",
             "received": "2026-11-24T10:52:14+08:00"}],
        "timestamp": "pending", "device_ids": ["0193a5c0-7d52-7c1e-9f35-1c5b7f6d2a10"],
        "collectors": [{"name": "周敏", "role": "lead"}, {"name": "沈卫", "role": "second"}],
        "position": {"lat_e7": 302987654, "lon_e7": 1201512345, "accuracy_cm": 1150, "distance_m": 38}, "position_refused": None,
        "present": ["周敏", "沈卫", "债务人家中无他人"], "consents": ["electronic-form", "read", "no-duress", "copy-received"],
        "photos": [{"sha256": hashlib.sha256(bytes([i])).hexdigest(), "caption": c} for i, c in enumerate(("门牌", "告知书", "签名现场"))],
        "shown": {"visible_ms": 228000, "reached_end": True, "font_px": 20, "w": 412, "h": 915},
        "not_done": ["one_time_code", "own_phone"],
        "events": [{"type": t, "sha256": hashlib.sha256(t.encode()).hexdigest()} for t in ("agreement.proposed", "signature.captured")],
    } | changed


def sample(*, signatures=None, changed=None, **options):
    """(evidence, facts, evidence_json) ready for pdf.render."""
    evidence = {"agreement": agreement(**options), "signatures": [signature()] if signatures is None else signatures}
    raw = json.dumps(evidence, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return evidence, facts(**changed or {}), raw
