"""Words of the sealed paper, in its own two languages: (Chinese, English).

They are here and not in the gettext catalogue because the paper's bytes must not depend on the reader's language or
on a compiled catalogue: the same evidence gives the same file on any server.
"""

from fieldvisit.rules import names

_INDEX = {"zh-hans": 0, "en": 1}
WORDS = {
    "title": ("还款协议", "Repayment agreement"),
    "number": ("编号 {}", "No. {}"),
    "check": ("校验码 {}", "Check code {}"),
    "check_code": ("校验码", "Check code"),
    "foot": ("{}，正本以盖有电子印章的 PDF 为准", "Original: the PDF that bears the electronic seal of {}"),
    "page": ("第 {} 页，共 {} 页", "Page {} of {}"),
    "signed_on": ("签署日期 {}", "Signed on {}"),
    "replaces": (
        "取代 {sealed}盖章的还款协议 {number}，校验码 {check}",
        "Replaces the repayment agreement {number}, sealed on {sealed}, check code {check}",
    ),
    "parties": ("当事人", "Parties"),
    "creditor": ("债权人", "Creditor"),
    "agency": ("受托机构", "Agency"),
    "debtor": ("债务人", "Debtor"),
    "mandate": ("{}，授权委托书 {}，有效至 {}", "{}, mandate {}, valid until {}"),
    "identity": ("{}，居民身份证 {}", "{}, identity card {}"),
    "person": ("{}，证件号码 {}，与债务人的关系：{}", "{}, identity number {}, related to the debtor as: {}"),
    "address": ("送达地址", "Address"),
    "reach": ("{}；手机 {}", "{}; mobile {}"),
    "debt": ("原合同", "Original contract"),
    "formed_on": ("{} 订立", "of {}"),  # the creditor may know the month alone
    "original": ("原金额 {} 元", "originally CNY {}"),
    "comma": ("，", ", "),
    "account": ("还款账户", "Account to pay to"),
    "account_line": (
        "{account_name}，{account_bank}，尾号 {account_tail}",
        "{account_name}, {account_bank}, ending in {account_tail}",
    ),
    "balance": ("确认的欠款（截至 {}）", "Confirmed debt (as of {})"),
    "principal": ("本金", "Principal"),
    "interest": ("利息", "Interest"),
    "overdue_interest": ("逾期利息", "Overdue interest"),
    "penalty": ("违约金", "Liquidated damages"),
    "cost": ("费用", "Costs"),
    "total": ("合计（元）", "Total (CNY)"),
    "sum": ("合计", "Total"),
    "capital": ("合计大写：", "Total in Chinese capitals: "),
    "currency": ("人民币", "人民币"),
    "reduced": ("减免 {} 元，减免后应还 {} 元，大写：", "Reduced by CNY {}; to pay after the reduction CNY {}: "),
    "schedule": ("还款计划（{count} 期，{rate}）", "Plan (instalments: {count}; {rate})"),
    "free": ("免息", "free of interest"),
    "rate": ("年利率 {}", "{} a year"),
    "n": ("期次", "No."),
    "due": ("还款日", "Due"),
    "amount": ("应还（元）", "To pay (CNY)"),
    "of_principal": ("其中本金", "Principal"),
    "of_interest": ("其中利息", "Interest"),
    "of_penalty": ("其中违约金", "Damages"),
    "of_cost": ("其中费用", "Costs"),
    "left": ("还后余额", "Left after"),
    "cost_sheet": ("综合融资成本表", "Cost sheet"),
    "cost_item": ("项目", "Charge"),
    "cost_how": ("怎样计算", "How it is reckoned"),
    "cost_rate": ("年标准", "A year"),
    "cost_by": ("谁收", "Charged by"),
    "cost_fen": ("金额（元）", "CNY"),
    "cost_interest": ("利息", "Interest"),
    "cost_interest_how": ("本金单利，{}", "Simple, on principal; {}"),
    "cost_monthly": ("每月为年利率的十二分之一", "one twelfth of the yearly rate a month"),
    "cost_actual/360": ("按实际天数，一年 360 天", "actual days over 360"),
    "cost_actual/365": ("按实际天数，一年 365 天", "actual days over 365"),
    "cost_fees": ("服务费、催收费等", "Fees of any kind"),
    "cost_none": ("不收", "none"),
    "cost_sum": ("照计划还，一共", "In all, if the plan is followed"),
    "cost_yearly": (
        "计息本金 {} 元，年化综合融资成本 {}（内部收益率×12），复利折算 {}",
        "On CNY {} of principal the whole cost is {} a year (IRR × 12), {} compounded",
    ),
    "cost_signed": (
        "本表内容即“综合融资成本”一条，已与全文一并签名。{}",
        "This sheet says what the clause “What it costs in all” says; it was signed with the whole text. {}",
    ),
    "clauses": ("约定", "Terms"),
    "signatures": ("签署", "Signatures"),
    "corrected": ("{}（校正时间）", "{} (corrected time)"),
    "no_strokes": ("没有笔迹", "No strokes"),
    "by_hand": ("请亲笔签名，可以加按指印", "Sign here by hand; a fingerprint may be added"),
    "by_hand_on": ("签署日期：　　　　年　　月　　日", "Signed on: "),
    "on_paper": ("纸上签名，{pages} 页照片附在本文件", "Signed on paper; photos of its {pages} pages are attached"),
    "paper_line": (
        "在纸上签名（{ink}），{pages} 页全部拍照，照片附在本文件；{check}",
        "Signed on paper ({ink}); all {pages} pages photographed and attached; {check}",
    ),
    "paper_check": ("纸质文本核对", "The paper was looked at"),
    "paper_check_line": (
        "{by}，{at}：各页齐全，纸上的哈希与文本一致",
        "{by}, {at}: every page is there, and the hash on the paper is that of the text",
    ),
    "unsigned": ("没有签名", "Not signed"),
    "seal_note": (
        "电子印章：数字签名与时间见本文件",
        "Electronic seal: the digital signature and its time are in this file",
    ),
    "verify": (
        "扫码可看到本协议是否已收到、已盖章。校验码应与签名时屏幕上的一致。",
        "Scan to see whether this agreement was received and sealed. The check code must be the one seen when signing.",
    ),
    "section": ("{}、{}", "{}. {}"),
    "numerals": ("一二三四五六七", "1234567"),
    "certificate": ("证明页", "Certificate"),
    "certificate_note": (
        "本页由系统依据证据自动生成，记录已知的事实与未做的事",
        "Made by the system from the evidence: what is known, and what was not done",
    ),
    "clocks": ("四个时钟", "Four clocks"),
    "event": ("事件", "Event"),
    "device": ("手机", "Phone"),
    "corrected_at": ("校正", "Corrected"),
    "received": ("服务器收到", "Server received"),
    "authority": ("时间戳机构", "Time authority"),
    "pending": ("待取得", "pending"),
    "authority_note": (
        "RFC 3161，对证据哈希；对本文件的时间见电子印章",
        "RFC 3161, over the evidence hash; the time over this file stands in the seal",
    ),
    "clock_sentence": (
        "{event}：手机显示 {device}；校正后 {corrected}；服务器于 {received} 收到。",
        "{event}: the phone says {device}; corrected {corrected}; the server received it at {received}.",
    ),
    "how": ("怎样签的", "How it was signed"),
    "language_name": ("简体中文", "English"),
    "language": ("zh-hans", "en"),
    "key_line": ("重点条款各在眼前停留：{}", "Each key term stood before his eyes for: {}"),
    "shown_line": (
        "{language}，{w} × {h}，字号 {font_px}；看到最后：{end}；停留 {time}",
        "{language}, {w} × {h}, type {font_px} px; end of the text seen: {end}; open for {time}",
    ),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "stroke_line": (
        "{n} 笔，{points} 点，{time}，{pointer}；{check}",
        "{n} strokes, {points} points, {time}, {pointer}; {check}",
    ),
    "agreed_line": ("同意：{}", "Agreed to: {}"),
    "position": ("位置", "Position"),
    "position_line": ("{lat}, {lon}，精度 ±{accuracy} 米", "{lat}, {lon}, accuracy ±{accuracy} m"),
    "distance": ("；距登记地址 {} 米", "; {} m from the address on file"),
    "no_position": ("没有位置", "No position"),
    "refused_position": ("没有位置：{}", "No position: {}"),
    "collectors": ("催收人员", "Collectors"),
    "present": ("在场", "Present"),
    "confirmation": ("债务人确认", "Confirmed by the debtor"),
    "confirmed_line": (
        "验证码发往 {number}，{sent}；{way}，{at}，共输入 {tries} 次",
        "a code went to {number} at {sent}; {way} at {at}, tries: {tries}",
    ),
    "unconfirmed_line": (
        "验证码发往 {number}，{sent}；没有输对，共输入 {tries} 次",
        "a code went to {number} at {sent}; not entered, tries: {tries}",
    ),
    "not_done": ("未做", "Not done"),
    "nothing": ("无", "none"),
    "devices": ("设备", "Devices"),
    "is": ("{}，{}", "{}, {}"),
    "semi": ("；", "; "),
    "hashes": ("哈希（SHA-256）", "Hashes (SHA-256)"),
    "terms": ("条款", "Terms"),
    "evidence": ("证据包", "Evidence"),
    "replaced_terms": ("所取代协议的条款", "Terms of the one replaced"),
    "replaced_pdf": ("所取代协议的 PDF", "PDF of the one replaced"),
    "photo": ("照片 {}", "Photo {}"),
    "photos": ("照片", "Photos"),
    "events": ("事件", "Events"),
    "verify_title": ("怎样核对", "How to check"),
    "verify_url": ("副本页", "Debtor's page"),
    "verify_how": (
        "本文件内附 evidence.json（证据包）。对它取 SHA-256，应等于上面的证据包哈希。"
        "任何一个字节的改动都会使电子印章失效；用任一 PDF 阅读器的签名面板查看。",
        "evidence.json is attached to this file. Its SHA-256 must equal the evidence hash above. A change of "
        "any byte breaks the seal; look at it in the signature panel of any PDF reader.",
    ),
    "minutes": ("{} 分 {} 秒", "{} min {} s"),
    "seconds": ("{} 秒", "{} s"),
}
# Codes of the evidence and of the server's facts. A code without words is printed as it stands: nothing is dropped.
CODES = {
    "proposed": ("提出条款", "Terms proposed"),
    "signed": ("签名", "Signed"),
    "agreement.proposed/1": ("提出条款", "Terms proposed"),
    "signature.captured/1": ("签名", "Signed"),
    "debtor": ("债务人", "Debtor"),
    "co-debtor": ("共同债务人", "Co-debtor"),
    "guarantor": ("保证人", "Guarantor"),
    "collector": ("催收员", "Collector"),
    "lead": ("催收员", "Collector"),
    "second": ("第二催收员", "Second collector"),
    "second-phone": ("第二催收员，本人手机确认", "second collector, confirmed on his own phone"),
    "second-code": ("第二催收员，当场出示本人手机上的码", "second collector, shown by the code from his own phone"),
    "second-named": ("第二催收员，仅登记姓名", "second collector, by name only"),
    "interpreter": ("翻译", "Interpreter"),
    "witness": ("见证人", "Witness"),
    "supervisor": ("主管", "Supervisor"),
    "seen:id-card": ("已核对居民身份证原件", "Identity card seen"),
    "seen:passport": ("已核对护照原件", "Passport seen"),
    "seen:household-register": ("已核对户口簿原件", "Household register seen"),
    "not-seen": ("没有核对证件", "No document seen"),
    "electronic-form": ("采用电子形式", "electronic form"),
    "read": ("已阅读全文", "has read the text"),
    "no-duress": ("未受胁迫", "no duress"),
    "copy-received": ("知道签完会拿到副本二维码", "knows that the code of the copy follows"),
    "colleague": ("本次上门的人", "one of those who visited"),
    "as:co-debtor": ("自愿加入债务", "joins the debt of his own will"),
    "as:guarantor": ("自愿保证，方式、范围、金额和期间已看清", "guarantor of his own will, on these terms"),
    "as:guarantor-stands": ("同意变更，保证期间不变", "agrees to the change; the period stays"),
    "as:spouse-joins": ("自愿共同还款", "owes it too, of his own will"),
    "as:spouse-knows": ("知道协议，不因签名而要还", "knows of it; signing makes him owe nothing"),
    "as:interpreter": ("全文已完整、准确译出", "gave the whole text, in full and correctly"),
    "as:collector": ("签署时在场，没有人被逼或被骗", "was there; nobody was forced or deceived"),
    "location": ("同意记录签名时的位置", "position at signing may be recorded"),
    "glass": ("在催收人员的手机上输入", "entered on the collector's phone"),
    "link": ("在自己手机上输入", "entered on his own phone"),
    "hand": ("亲笔", "by hand"),
    "hand-and-fingerprint": ("亲笔并按指印", "by hand, with a fingerprint"),
    "one_time_code": ("短信验证码", "one-time code"),
    "own_phone": ("债务人在自己手机上的确认", "confirmation on the debtor's own phone"),
    "qualified_certificate": ("持牌机构事件证书", "event certificate of a licensed authority"),
    "id_check": ("核对身份证件", "identity document"),
    "copy_qr": ("当场出示副本二维码", "copy QR shown at once"),
    "position_refused": ("位置权限被拒绝", "position permission refused"),
    "unavailable": ("没有卫星信号", "no satellite signal"),
    "denied": ("位置权限被拒绝", "position permission refused"),
    "timeout": ("定位超时", "position timed out"),
    "touch": ("触屏", "touch"),
    "pen": ("手写笔", "pen"),
    "mouse": ("鼠标", "mouse"),
    "spouse": ("配偶", "Spouse"),
    "adult-relative": ("成年亲属", "Adult relative"),
    "minor": ("未成年人", "Minor"),
    "other": ("其他人", "Somebody else"),
    "nobody": ("没有人", "Nobody"),
}
# What a bank's file may say in its column "product".
PRODUCTS = names.names()["product"]


def product(value: str | None, language: str) -> str:
    """The words for the kind of loan; what is not known is printed as the bank wrote it."""
    return names.named("product", value, language)


def labels(language: str) -> dict[str, str]:
    """The words of a paper's language, "zh-hans" or "en"."""
    return {key: pair[_INDEX[language]] for key, pair in WORDS.items()}


def code(value: str, language: str) -> str:
    """The words for a code; "signed:debtor" part by part when the whole is unknown."""
    if value in CODES:
        return CODES[value][_INDEX[language]]
    head, _, tail = value.partition(":")
    if not tail:
        return value
    if language == "zh-hans":
        return f"{code(head, language)}（{code(tail, language)}）"
    return f"{code(head, language)} ({code(tail, language).lower()})"
