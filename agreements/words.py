"""Words of the sealed paper, in its own two languages.

They are here and not in the gettext catalogue because the paper's bytes must not depend on the reader's language or
on a compiled catalogue: the same evidence gives the same file on any server.
"""

ZH = {
    "title": "还款协议", "number": "编号 {}", "check": "校验码 {}", "check_code": "校验码",
    "foot": "{}，正本以盖有电子印章的 PDF 为准", "page": "第 {} 页，共 {} 页",
    "signed_on": "签署日期 {}", "parties": "当事人", "creditor": "债权人", "agency": "受托机构", "debtor": "债务人",
    "mandate": "{}，授权委托书 {}，有效至 {}", "mandate_open": "{}，授权委托书 {}",
    "identity": "{}，居民身份证 {}", "address": "送达地址", "reach": "{}；手机 {}", "debt": "原合同",
    "debt_line": "{product}，{contract}，{formed_on} 订立，原金额 {original} 元", "account": "还款账户",
    "account_line": "{account_name}，{account_bank}，尾号 {account_tail}",
    "balance": "确认的欠款（截至 {}）", "principal": "本金", "interest": "利息", "overdue_interest": "逾期利息",
    "penalty": "违约金", "cost": "费用", "total": "合计（元）", "sum": "合计", "capital": "合计大写：",
    "currency": "人民币", "reduced": "减免 {} 元，减免后应还 {} 元，大写：",
    "schedule": "还款安排（{count} 期，{rate}）", "free": "免息", "rate": "年利率 {}", "n": "期次", "due": "还款日",
    "amount": "应还（元）", "of_principal": "其中本金", "of_interest": "其中利息", "of_penalty": "其中违约金",
    "of_cost": "其中费用", "left": "还后余额", "clauses": "约定", "signatures": "签署", "corrected": "{}（校正时间）",
    "no_strokes": "没有笔迹", "unsigned": "没有签名", "seal_note": "电子印章：数字签名与时间见本文件",
    "verify": "扫码打开债务人的副本页，可核对真伪、下载副本与还款日历、投诉、提出异议或要求重新协商。校验码应与短信和签名屏上的一致。",
    "section": "{}、{}", "numerals": "一二三四五六七八九十",
    "certificate": "证明页", "certificate_note": "本页由系统依据证据自动生成，记录已知的事实与未做的事",
    "clocks": "四个时钟", "event": "事件", "device": "手机", "corrected_at": "校正", "received": "服务器收到",
    "authority": "时间戳机构", "pending": "待取得", "authority_note": "RFC 3161，对证据哈希；对本文件的时间见电子印章",
    "clock_sentence": "{event}：手机显示 {device}；校正后 {corrected}；服务器于 {received} 收到。",
    "how": "怎样签的", "shown": "显示", "language_name": "简体中文", "language": "zh-hans",
    "shown_line": "{language}，{w} × {h}，字号 {font_px}；看到最后：{end}；停留 {time}",
    "yes": "是", "no": "否", "strokes": "笔迹", "stroke_line": "{who}：{n} 笔，{points} 点，{time}，{pointer}",
    "position": "位置", "position_line": "{lat}, {lon}，精度 ±{accuracy} 米", "distance": "；距登记地址 {} 米",
    "no_position": "没有位置", "refused_position": "没有位置：{}", "collectors": "催收人员", "present": "在场",
    "consents": "已同意", "not_done": "未做", "nothing": "无", "devices": "设备", "checked": "证件核对", "comma": "，", "semi": "；",
    "hashes": "哈希（SHA-256）", "terms": "条款", "evidence": "证据包", "photo": "照片 {}", "photos": "照片",
    "events": "事件", "verify_title": "怎样核对", "verify_url": "副本页",
    "verify_how": "本文件内附 evidence.json（证据包）。对它取 SHA-256，应等于上面的证据包哈希。"
                  "任何一个字节的改动都会使电子印章失效；用任一 PDF 阅读器的签名面板查看。",
    "minutes": "{} 分 {} 秒", "seconds": "{} 秒",
}
EN = {
    "title": "Repayment agreement", "number": "No. {}", "check": "Check code {}", "check_code": "Check code",
    "foot": "Original: the PDF that bears the electronic seal of {}", "page": "Page {} of {}",
    "signed_on": "Signed on {}", "parties": "Parties", "creditor": "Creditor", "agency": "Agency", "debtor": "Debtor",
    "mandate": "{}, mandate {}, valid until {}", "mandate_open": "{}, mandate {}",
    "identity": "{}, identity card {}", "address": "Address", "reach": "{}; mobile {}", "debt": "Original contract",
    "debt_line": "{product}, {contract}, made on {formed_on}, originally {original} yuan", "account": "Account to pay to",
    "account_line": "{account_name}, {account_bank}, ending in {account_tail}",
    "balance": "Confirmed debt (as of {})", "principal": "Principal", "interest": "Interest",
    "overdue_interest": "Overdue interest", "penalty": "Liquidated damages", "cost": "Costs", "total": "Total (CNY)",
    "sum": "Total", "capital": "Total in Chinese capitals: ", "currency": "人民币",
    "reduced": "Reduced by {} yuan; to pay after the reduction {} yuan: ",
    "schedule": "Schedule ({count} instalments, {rate})", "free": "free of interest", "rate": "{} a year", "n": "No.",
    "due": "Due", "amount": "To pay (CNY)", "of_principal": "Principal", "of_interest": "Interest",
    "of_penalty": "Damages", "of_cost": "Costs", "left": "Left after", "clauses": "Terms",
    "signatures": "Signatures", "corrected": "{} (corrected time)", "no_strokes": "No strokes", "unsigned": "Not signed",
    "seal_note": "Electronic seal: the digital signature and its time are in this file",
    "verify": "Scan to open the debtor's page: check that this paper is genuine, download the copy and the calendar, "
              "complain, dispute or ask for a new plan. The check code must be the one in the message and on the signing screen.",
    "section": "{}. {}", "numerals": "",
    "certificate": "Certificate", "certificate_note": "Made by the system from the evidence: what is known, and what was not done",
    "clocks": "Four clocks", "event": "Event", "device": "Phone", "corrected_at": "Corrected", "received": "Server received",
    "authority": "Time authority", "pending": "pending",
    "authority_note": "RFC 3161, over the evidence hash; the time over this file stands in the seal",
    "clock_sentence": "{event}: the phone says {device}; corrected {corrected}; the server received it at {received}.",
    "how": "How it was signed", "shown": "Shown", "language_name": "English", "language": "en",
    "shown_line": "{language}, {w} × {h}, type {font_px} px; end of the text seen: {end}; open for {time}",
    "yes": "yes", "no": "no", "strokes": "Strokes", "stroke_line": "{who}: {n} strokes, {points} points, {time}, {pointer}",
    "position": "Position", "position_line": "{lat}, {lon}, accuracy ±{accuracy} m",
    "distance": "; {} m from the address on file", "no_position": "No position", "refused_position": "No position: {}",
    "collectors": "Collectors", "present": "Present", "consents": "Agreed to", "not_done": "Not done", "nothing": "none",
    "devices": "Devices", "checked": "Identity", "comma": ", ", "semi": "; ",
    "hashes": "Hashes (SHA-256)", "terms": "Terms", "evidence": "Evidence", "photo": "Photo {}", "photos": "Photos",
    "events": "Events", "verify_title": "How to check", "verify_url": "Debtor's page",
    "verify_how": "evidence.json is attached to this file. Its SHA-256 must equal the evidence hash above. "
                  "A change of any byte breaks the seal; look at it in the signature panel of any PDF reader.",
    "minutes": "{} min {} s", "seconds": "{} s",
}
# Codes of the evidence and of the server's facts. A code without words is printed as it stands: nothing is dropped.
CODES = {
    "proposed": ("提出条款", "Terms proposed"), "signed": ("签名", "Signed"),
    "debtor": ("债务人", "Debtor"), "co-debtor": ("共同债务人", "Co-debtor"), "guarantor": ("保证人", "Guarantor"),
    "collector": ("催收员", "Collector"), "lead": ("催收员", "Collector"), "second": ("第二催收员", "Second collector"),
    "interpreter": ("翻译", "Interpreter"), "witness": ("见证人", "Witness"), "supervisor": ("主管", "Supervisor"),
    "seen:id-card": ("已核对居民身份证原件", "Identity card seen"), "seen:passport": ("已核对护照原件", "Passport seen"),
    "seen:household-register": ("已核对户口簿原件", "Household register seen"), "not-seen": ("没有核对证件", "No document seen"),
    "electronic-form": ("采用电子形式", "electronic form"), "read": ("已阅读全文", "has read the text"),
    "no-duress": ("未受胁迫", "no duress"), "copy-received": ("已收到副本", "copy received"),
    "one_time_code": ("短信验证码", "one-time code"), "own_phone": ("债务人在自己手机上的确认", "confirmation on the debtor's own phone"),
    "qualified_certificate": ("持牌机构事件证书", "event certificate of a licensed authority"),
    "id_check": ("核对身份证件", "identity document"), "copy_qr": ("当场出示副本二维码", "copy QR shown at once"),
    "position_refused": ("位置权限被拒绝", "position permission refused"), "unavailable": ("没有卫星信号", "no satellite signal"),
    "denied": ("位置权限被拒绝", "position permission refused"), "timeout": ("定位超时", "position timed out"),
    "touch": ("触屏", "touch"), "pen": ("手写笔", "pen"), "mouse": ("鼠标", "mouse"),
    "alone": ("无他人", "nobody else"),
}


def labels(language: str) -> dict:
    """The label table of a paper's language: "zh-hans" or "en"."""
    return {"zh-hans": ZH, "en": EN}[language]


def code(value: str, language: str) -> str:
    """The words for a code, part by part at ":" when the whole is unknown ("signed:debtor")."""
    index = 0 if language == "zh-hans" else 1
    if value in CODES:
        return CODES[value][index]
    head, _, tail = value.partition(":")
    if not tail:
        return value
    return f"{code(head, language)}（{code(tail, language)}）" if index == 0 else f"{code(head, language)} ({code(tail, language).lower()})"
