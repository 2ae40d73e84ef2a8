"""Agreements to draw and seal, built by the real rules with the real clauses."""

import hashlib
import math
import random
from datetime import date

import rfc8785

from agreements.rules import document, schedule, wording

CREDITOR = {
    "name": "甲银行股份有限公司", "account_name": "甲银行股份有限公司贷款回收专户", "account_bank": "甲银行杭州分行",
    "account_tail": "3306", "complaint_phone": "95500",
}  # fmt: skip
AGENCY = {"name": "乙资产服务有限公司", "mandate": "委字 2026-118", "mandate_until": "2027-03-31"}
DEBTOR = {
    "party": "01938f1a-5c00-7000-8000-0000000000d0", "name": "傅琳", "id_masked": "330105********4076",
    "mobile_masked": "190****0006", "address": "浙江省杭州市拱墅区济南街99号24栋1单元1402室",
}  # fmt: skip
BALANCE = {
    "principal_fen": 717585, "interest_fen": 0, "overdue_interest_fen": 71565, "penalty_fen": 12000, "cost_fen": 0,
    "as_of": "2026-11-24",
}  # fmt: skip
DEBT = {"contract": "LC000388", "formed_on": "2018-01", "original_fen": 750000, "product": "credit_card"}


def agreement(*, name="傅琳", count=12, language="zh-hans", method="interest-free/1", reduction=0, agency=True, day=25,
              cost=0):  # fmt: skip
    """agreement/1 of an offer that allows every choice here."""
    offer = {
        "schema": "offer/1", "offer_id": "01938f1a-5c00-7000-8000-00000000000a",
        "case_ref": "LC000388", "case_version": 57,
        "parties": {"creditor": CREDITOR, "agency": AGENCY if agency else None, "debtor": DEBTOR | {"name": name},
                    "debt": DEBT},
        "balance": BALANCE | {"cost_fen": cost}, "allocation": ["cost", "interest", "principal", "penalty"],
        "methods": ["interest-free/1", "equal-instalment/1"], "annual_rate_ppm": 60000, "day_count": "monthly",
        "least_fen": 100, "most_months": 360, "largest_reduction_fen": 100000, "shift": "none",
        "default": {"missed": 2, "grace_days": 7, "waiver_lapses": True}, "valid_from": "2026-11-24",
        "valid_until": "2026-12-08", "latest_first_due_days": 45, "lapse_days": 7, "cooling_off_days": 3,
        "copy_token_sha256": "0" * 64, "required_signers": [{"role": "debtor", "party": DEBTOR["party"]}],
    }  # fmt: skip
    first = schedule.first_due(date(2026, 11, 24), day).isoformat()
    choice = {"method": method, "instalments": count, "anchor_day": day, "interest_from": "2026-11-24",
              "first_due": first, "reduction_fen": reduction}  # fmt: skip
    return document.build(offer, choice, wording.load("cn-repayment"), wording.load("cn-rights"), language,
                          "01938f1a-5c00-7000-8000-00000000000b", offer_sig="x", canonical=rfc8785.dumps)  # fmt: skip


def scrawl(seed=7, strokes=9):
    """A made-up hand: arcs from a seeded generator, 1/100 px inside an 820 by 300 pad."""
    rng, t, out, x = random.Random(seed), 0, [], 9000.0
    for _ in range(strokes):
        x, y, angle = x + rng.uniform(1500, 6500), rng.uniform(7000, 14000), rng.uniform(-0.6, 2.2)
        px, py, stroke = x, y, []
        for _ in range(rng.randrange(8, 30)):
            stroke.append([min(max(round(px), 0), 82000), min(max(round(py), 0), 30000), t, 0])
            angle += rng.uniform(-0.25, 0.32)
            pace = rng.uniform(300, 900)
            px, py, t = px + math.cos(angle) * pace, py + math.sin(angle) * pace, t + rng.randrange(8, 24)
        t += rng.randrange(80, 260)
        out.append(stroke)
    return out


ONE = [[[20000 + 400 * i, 15000 - 6 * i, 12 * i, 0] for i in range(60)]]


def signature(data=None, *, role="debtor", party=DEBTOR["party"]):
    return {"schema": "signature/1", "agreement_id": "0193-a", "terms_sha256": "7f3a91c20b6ed45a" * 4,
            "signer": {"role": role, "party": party, "id_check": "seen:id-card",
                       "consents": ["electronic-form", "read", "no-duress", "copy-received"]},
            "display": {"w": 412, "h": 915, "font_px": 20, "reached_end": True, "visible_ms": 228000,
                        "key_ms": {"c3": 15200, "c4": 41400, "c5": 22600, "c6": 9800, "c9": 30200, "c11a": 12400}},
            "strokes": {"pad": [82000, 30000], "pointer": "touch", "data": scrawl() if data is None else data},
            "collectors": ["zhou", "shen"], "location": None, "photos": []}


def facts(**changed):
    return {
        "number": "FV-2026-000001", "check_code": "7F3A-91C2-0B6E-D45A", "terms_sha256": "7f3a91c20b6ed45a" * 4,
        "evidence_sha256": "c41d08e97ab2536f" * 4,
        "verify_url": "https://repay.example/d/4Wq0uX3mYtK1o9sZpR7vB2nC6hL8dEfGjAaQxJkTwSi",
        "clocks": [
            {"event": "proposed", "device": "2026-11-24T10:19:40+08:00", "corrected": "2026-11-24T10:26:42+08:00",
             "received": "2026-11-24T10:52:13+08:00"},
            {"event": "signed:debtor", "device": "2026-11-24T10:24:07+08:00", "corrected": "2026-11-24T10:31:09+08:00",
             "received": "2026-11-24T10:52:14+08:00"}],
        "timestamp": None, "device_ids": ["0193a5c0-7d52-7c1e-9f35-1c5b7f6d2a10"],
        "collectors": [{"name": "周敏", "role": "lead"}, {"name": "沈卫", "role": "second"}],
        "position": {"lat_e7": 302987654, "lon_e7": 1201512345, "accuracy_cm": 1150, "distance_m": 38},
        "position_refused": None,
        "present": ["debtor", "spouse"],
        "photos": [{"sha256": digest(caption), "caption": caption} for caption in ("门牌", "告知书", "签名现场")],
        "not_done": ["one_time_code", "own_phone"],
        "events": [{"type": kind, "sha256": digest(kind)} for kind in ("agreement.proposed/1", "signature.captured/1")],
    } | changed  # fmt: skip


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def sample(*, signatures=None, changed=None, **options):
    """(evidence, facts, evidence_json) ready for pdf.render."""
    doc = agreement(**options)
    evidence = {"agreement": doc, "signatures": [signature()] if signatures is None else signatures}
    raw = rfc8785.dumps(evidence)
    terms = document.terms_hash(doc, canonical=rfc8785.dumps)
    known = {"terms_sha256": terms, "check_code": document.check_code(terms),
             "evidence_sha256": hashlib.sha256(raw).hexdigest()}  # fmt: skip
    return evidence, facts(**known | (changed or {})), raw
