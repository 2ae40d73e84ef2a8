"""The paper: what it says can be read back, what cannot be drawn is refused, the same input gives the same bytes."""

import hashlib
import io
import re
import shutil
import subprocess
import sys

import pikepdf
import pikepdf.pdfa
import pytest
import rfc8785
from reportlab.lib import rl_accel

from agreements import deed, fonts, ink, paper, pdf, words
from agreements.rules import cost_sheet, money
from tests.agreements import samples


def tool(name, *arguments, **options):
    path = shutil.which(name)
    assert path, f"{name} is missing: apt-get install poppler-utils"
    return subprocess.run([path, *arguments], check=True, capture_output=True, timeout=60, **options).stdout


def read(rendered, tmp_path, layout="-layout"):
    """The paper's text as poppler reads it."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(rendered.pdf)
    return tool("pdftotext", layout, str(file), "-").decode()


def render(**options):
    evidence, facts, raw = samples.sample(**options)
    return pdf.render(evidence, facts, evidence_json=raw), evidence["agreement"]


def bare(text):
    return re.sub(r"\s", "", text)


CHOICES = [
    {"count": 1},
    {"count": 12},
    {"count": 24, "method": "equal-instalment/1", "day": 31, "cost": 12345, "reduction": 50000},
    {"count": 60, "agency": False},
    {"count": 12, "language": "en"},
    {"count": 60, "language": "en", "method": "equal-instalment/1"},
]


@pytest.mark.parametrize("options", CHOICES, ids=str)
def test_every_signed_paragraph_and_every_instalment_can_be_read_back(options, tmp_path):
    rendered, doc = render(**options)
    body = bare(re.sub(r"\f.*|.*(?=\f)", "", read(rendered, tmp_path, "-raw")))
    text = read(rendered, tmp_path)
    for item in doc["rendered_text"]:
        if item["clause"] != "schedule":
            # a page end may stand inside a paragraph, between two of its lines
            assert all(bare(sentence) in bare(text) for sentence in re.split(r"(?<=[。.]) ?", item["text"])), item["id"]
            assert bare(item["heading"]) in body
    for row in doc["schedule"]:
        parts = ("amount", "principal", "interest", "penalty")
        figures = [row["due"], *(money.yuan(row[f"{part}_fen"]) for part in parts)]
        assert re.search(rf"\b{row['n']} +" + " +".join(map(re.escape, figures)), text), row
    assert "傅琳" in text
    assert bare(money.capital(sum(doc["terms"]["balance"][f"{h}_fen"] for h in
                                  ("principal", "interest", "overdue_interest", "penalty", "cost")))) in bare(text)


@pytest.mark.parametrize("options", [{}, {"language": "en"}, {"name": "𬭚Łş"}], ids=str)
def test_every_font_is_embedded_and_the_file_is_pdf_a_3b(options, tmp_path):
    rendered, _ = render(**options)
    (tmp_path / "paper.pdf").write_bytes(rendered.pdf)
    rows = tool("pdffonts", str(tmp_path / "paper.pdf")).decode().splitlines()[2:]
    assert rows
    assert all("NotoSans" in row and re.search(r" yes yes yes ", row) for row in rows), rows
    assert rendered.pdf.startswith(b"%PDF-1.7")
    report = pikepdf.pdfa.validate_written(io.BytesIO(rendered.pdf), "3b")
    assert report.passed, report.findings


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_it_replaces_is_named_and_the_same_facts_give_the_same_bytes(language, tmp_path):
    earlier = {"number": "FV-2026-000777", "sealed_on": "2026-10-01", "terms_sha256": "0b" * 32,
               "pdf_sha256": "c5" * 32}  # fmt: skip
    first, again = (render(language=language, changed={"supersedes": earlier})[0] for _ in range(2))
    assert first.pdf == again.pdf != render(language=language)[0].pdf
    said = bare(read(first, tmp_path))
    assert "FV-2026-000777" in said and "0B0B-0B0B-0B0B-0B0B" in said and "c5" * 32 in said


def test_the_evidence_lies_inside_unchanged():
    evidence, facts, raw = samples.sample()
    with pikepdf.open(io.BytesIO(pdf.render(evidence, facts, evidence_json=raw).pdf)) as opened:
        inside = opened.attachments["evidence.json"].get_file().read_bytes()
        assert hashlib.sha256(inside).hexdigest() == facts["evidence_sha256"]
        assert opened.Root.AF[0].AFRelationship == pikepdf.Name.Data
        assert str(opened.Root.Lang) == "zh-Hans"
        assert "/Info" not in opened.trailer
        with opened.open_outline() as outline:
            assert outline.root[0].title == "一、当事人"


def test_the_same_input_gives_the_same_bytes_in_another_process():
    rendered, _ = render(signatures=[samples.signature(), samples.signature(samples.ONE, role="collector", party="x")])
    script = (
        "import hashlib, sys; from agreements import pdf; from tests.agreements import samples\n"
        "s = samples; hands = [s.signature(), s.signature(s.ONE, role='collector', party='x')]\n"
        "e, f, raw = s.sample(signatures=hands)\n"
        "print(hashlib.sha256(pdf.render(e, f, evidence_json=raw).pdf).hexdigest())"
    )
    for seed in ("0", "1"):
        elsewhere = {"PYTHONHASHSEED": seed, "TZ": "America/Lima", "PATH": "/usr/bin:/bin"}
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=60,
                              cwd=fonts.ROOT, env=elsewhere)  # fmt: skip
        assert done.stdout.decode().strip() == hashlib.sha256(rendered.pdf).hexdigest()


@pytest.mark.parametrize("name", ["𬭚", "龑", "堃", "喆", "〇", "𠮷", "𡷊", "阿卜杜热西提·买买提", "Łukasz Şahin"])
def test_a_rare_name_is_drawn_and_read_back(name, tmp_path):
    rendered, _ = render(name=name)
    assert bare(name) in bare(read(rendered, tmp_path))


@pytest.mark.parametrize("character", ["𬎆", "\u200b", "\x00", "བ", "\ue000", "👍"])
def test_a_name_that_no_face_draws_is_refused_before_anything_is_drawn(character, monkeypatch):
    monkeypatch.setattr(pdf, "_canvas", lambda *size: pytest.fail("drawn"))
    evidence, facts, raw = samples.sample()
    evidence["agreement"]["parties"]["debtor"]["name"] = f"李{character}"
    with pytest.raises(pdf.Unprintable) as refused:
        pdf.render(evidence, facts, evidence_json=raw)
    assert refused.value.character == character


@pytest.mark.parametrize("place", ["number", "check_code", "verify_url"])
def test_no_string_of_the_server_escapes_the_check(place):
    evidence, facts, raw = samples.sample(changed={place: "\u202e"})
    with pytest.raises(pdf.Unprintable):
        pdf.render(evidence, facts, evidence_json=raw)


def test_a_caption_that_cannot_be_drawn_is_spelled_and_stops_nothing(tmp_path):
    photos = [{"sha256": "0" * 64, "caption": "门牌👍"}]
    rendered, _ = render(changed={"photos": photos})
    assert "门牌[U+1F44D]" in read(rendered, tmp_path)


def test_no_strokes_one_stroke_and_one_point_are_all_drawn(tmp_path):
    point = [[[5, 5, 0, 0]]]
    for data, says in (([], "没有笔迹"), ([[]], "没有笔迹"), (samples.ONE, "1 笔，60 点"), (point, "1 笔，1 点")):
        rendered, _ = render(signatures=[samples.signature(data)])
        assert says in read(rendered, tmp_path)
    rendered, _ = render(signatures=[])
    assert "没有签名" in read(rendered, tmp_path)


def test_a_straight_stroke_is_not_blown_up(tmp_path):
    """一 keeps its proportion to the pad: at most twice the scale at which the whole pad would fit."""
    drawn = []

    class Canvas:
        def __getattr__(self, name):
            return lambda *a, **k: drawn.append((name, a)) or self

    block = ink.signature({"pad": [82000, 30000], "data": samples.ONE}, width=ink.SIGN_W, height=ink.SIGN_H)
    block.draw(Canvas(), 0, 100)
    xs = [v for name, a in drawn if name == "curveTo" for v in a[0::2]]
    assert max(xs) - min(xs) <= 2 * ink.SIGN_W * 23600 / 82000 + 0.01
    assert max(a[0] for name, a in drawn if name == "setLineWidth") <= 2.1


def test_the_seal_has_free_room_inside_its_page():
    for options in CHOICES:
        rendered, _ = render(**options)
        x0, y0, x1, y1 = rendered.seal_box
        assert abs((x1 - x0) - 57) <= 1
        assert abs((y1 - y0) - 57) <= 1
        assert paper.BOTTOM < y0 < y1 < paper.TOP
        with pikepdf.open(io.BytesIO(rendered.pdf)) as opened:
            assert 0 <= rendered.seal_page < len(opened.pages) - 1


def test_the_certificate_says_what_was_not_done_and_where_no_position_was(tmp_path):
    changed = {"position": None, "position_refused": "denied", "not_done": ["one_time_code"]}
    text = read(render(changed=changed)[0], tmp_path)
    assert re.search(r"未做 +短信验证码", text)
    assert "没有位置：位置权限被拒绝" in text
    assert "待取得" in text


def test_the_certificate_says_how_long_each_key_term_was_seen(tmp_path):
    text = read(render()[0], tmp_path)
    assert re.search(r"重点条款各在眼前停留：现在欠多少，15 秒；怎么还，41 秒", re.sub(r"\s+(?=[，；：])", "", text))
    assert "41 s" in read(render(language="en")[0], tmp_path)


def test_no_line_starts_with_a_closing_mark_or_cuts_an_amount():
    text = "各期一共还 8,011.50 元，大写人民币捌仟零壹拾壹元伍角整。（每一期见计划表）到期 2026 年 12 月 25 日，" * 6
    for width in range(60, 480, 7):
        lines = paper.broken(text, fonts.REGULAR, 10.5, width)
        assert bare("".join(lines)) == bare(text)
        assert all(fonts.width(line, fonts.REGULAR, 10.5) <= width for line in lines)
        if width > 180:
            assert not any(line[0] in "，。）：；！？" or line[-1] in "（" for line in lines)
            assert all(line.count("8,011.50 元") == line.count("8,011") for line in lines)
            assert all(line.count("人民币捌仟零壹拾壹元伍角整") == line.count("捌仟") for line in lines)


def test_headings_and_table_heads_are_never_left_alone():
    for count in range(1, 61):
        blocks = [*paper.heading("一"), *[paper.text("行")[0]] * count, *paper.heading("二"), *paper.text("行" * 300)]
        for sheet in paper.paged(blocks):
            last, top = sheet[-1]
            assert not last.keep
            assert top - last.height >= paper.BOTTOM - 0.01


def test_a_contract_of_which_the_month_alone_is_known_reads_well():
    debt = {"contract": "LC000388", "product": "credit_card", "formed_on": "2018-01", "original_fen": 750000}
    said = {language: deed._source(debt, words.labels(language), language) for language in ("zh-hans", "en")}
    assert said["en"] == "LC000388, credit card, of January 2018, originally CNY 7,500.00"
    assert said["zh-hans"] == "LC000388，信用卡，2018 年 1 月 订立，原金额 7,500.00 元"


def test_the_two_languages_have_the_same_words():
    assert all(zh and en for zh, en in (*words.WORDS.values(), *words.CODES.values(), *words.PRODUCTS.values()))
    slots = re.compile(r"{\w*}")
    assert all(sorted(slots.findall(zh)) == sorted(slots.findall(en)) for zh, en in words.WORDS.values())


def test_the_fast_string_widths_of_reportlab_are_in_use():
    assert type(rl_accel.instanceStringWidthTTF).__name__ == "builtin_function_or_method"


def test_the_cost_sheet_is_a_table_of_the_paper_and_says_what_was_signed(tmp_path):
    rendered, doc = render(method="equal-instalment/1", count=12)
    text, sheet = bare(read(rendered, tmp_path)), cost_sheet.sheet(doc["terms"])
    assert "综合融资成本表" in text
    assert text.count(f"年化综合融资成本{money.percent(sheet.nominal_ppm)}") == 2  # in the clause and in the table
    assert money.yuan(sheet.interest_fen) in text


def test_a_paper_of_an_older_text_has_no_cost_sheet(tmp_path):
    evidence, facts, _ = samples.sample()
    text = evidence["agreement"]["rendered_text"]
    evidence["agreement"]["rendered_text"] = [paragraph for paragraph in text if paragraph["clause"] != "c5a"]
    rendered = pdf.render(evidence, facts, evidence_json=rfc8785.dumps(evidence))
    assert "综合融资成本表" not in bare(read(rendered, tmp_path))
