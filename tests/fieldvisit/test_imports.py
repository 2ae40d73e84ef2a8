"""Chen takes in what three banks send: good rows become cases, bad rows say why, newer figures replace older ones."""

import csv
import hashlib
import io
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

import fieldvisit.demo
from fieldvisit import cases, imports, record
from fieldvisit.models import Address, Case, Creditor, Debt, Entry, FormerBalance, ImportRun, Party
from fieldvisit.problems import PROBLEMS, Refused

from ..cast import NOW, TODAY

pytestmark = pytest.mark.django_db
FILES = Path(fieldvisit.demo.__file__).parent
HEAD = ["合同号", "客户姓名", "证件号码", "手机", "现住址", "剩余本金", "欠息", "逾期天数", "逾期起始日", "备注"]
DORA = [
    "C-1",
    "朵拉",
    "440106198010215905",
    "19000000062",
    "广东省广州市天河区关路32号",
    "10,743.90",
    "92.99",
    "11",
    "2026/11/12",
    "",
]
GAO = [
    "C-2",
    "高",
    "420117198912128216",
    "19000000063",
    "湖北省武汉市新洲区沈街336号",
    "954.95",
    "8.47",
    "23",
    "2026/10/31",
    "",
]


def table(*rows, head=HEAD, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def take(content, *, profile="bank-b", now=NOW, **options):
    return imports.run(file=io.BytesIO(content), name="list.csv", profile=profile, by=None, now=now, **options)


def changed(row, **cells):
    return [cells.get(head, cell) for head, cell in zip(HEAD, row, strict=True)]


def counts(outcome):
    return outcome.created, outcome.updated, outcome.unchanged, len(outcome.refused)


def refused(row):
    """The one refusal of this row, beside a good one that is taken in."""
    outcome = take(table(GAO, row))
    assert counts(outcome) == (1, 0, 0, 1)
    return outcome.refused[0]


def run_file(name, **options):
    with (FILES / name).open("rb") as file:
        return imports.run(file=file, name=name, profile=name.split(".")[0], by=None, now=NOW, **options)


def test_three_banks_bring_178_cases_right_after_migrate():
    assert [counts(run_file(name)) for name in ("bank-a.csv", "bank-b.csv", "bank-c.xlsx")] == [
        (61, 0, 0, 0),
        (59, 0, 0, 5),
        (58, 0, 0, 0),
    ]
    assert [Case.objects.count(), Party.objects.count(), Address.objects.count(), Debt.objects.count()] == [178] * 4
    assert {debt.as_of for debt in Debt.objects.all()} == {date(2026, 11, 23)}
    assert sum(debt.principal_fen for debt in Debt.objects.filter(case__creditor__short_name="丙消金")) == 108611576
    assert Creditor.objects.get(short_name="丙消金").lender_type == "consumer-finance"
    assert not any(record.verify(case) for case in Case.objects.all())


def test_every_column_of_bank_a_finds_its_place():
    run_file("bank-a.csv")
    case = Case.objects.select_related("debt").get(contract_number="LC000388")
    debt, debtor = case.debt, case.parties.get()
    home = debtor.addresses.get()
    assert (debt.principal_fen, debt.overdue_interest_fen, debt.penalty_fen) == (717585, 71565, 12000)
    assert (debt.original_fen, debt.term_months, debt.annual_rate_ppm, debt.instalment_fen) == (
        750000,
        36,
        170900,
        26774,
    )
    assert (debt.formed_on, debt.due_since, debt.paid_fen) == (date(2018, 1, 1), date(2026, 4, 24), 52836)
    assert (debtor.name, debtor.birth_date, debtor.mobile) == ("傅琳", date(1974, 8, 21), "19000000006")
    assert (debtor.annual_income_fen, debtor.homeownership) == (7000000, "RENT")
    assert (home.full, home.lat_e7, home.lon_e7) == (
        "浙江省杭州市拱墅区济南街99号24栋1单元1402室",
        303450940,
        1201651290,
    )
    assert case.extra == {"debt_to_income": "3.82", "delinquencies_2y": "0", "grade": "D1", "status": "Charged Off"}
    entry = record.timeline(case)[0]
    assert entry["action"] == "case.imported"
    assert entry["payload"]["balance"]["principal_fen"] == 717585


def test_bank_bs_stray_blanks_and_wide_digits_are_read():
    run_file("bank-b.csv")
    debtor = Party.objects.get(case__contract_number="LC003430")
    assert (debtor.name, debtor.mobile) == ("米英", "19000000062")
    home = debtor.addresses.get()
    assert (home.province, home.city, home.district, home.street) == (
        "广东省",
        "广州市",
        "天河区",
        "关路32号3栋4单元1803室",
    )
    assert home.lat_e7 is None


def test_bank_bs_five_bad_rows_are_refused_each_for_its_own_reason():
    outcome = run_file("bank-b.csv")
    assert [(r.row, r.column, r.code) for r in outcome.refused] == [
        (61, "证件号码", "import.identity.check_digit"),
        (62, "剩余本金", "import.negative"),
        (63, "逾期起始日", "import.no_such_day"),
        (64, "客户姓名", "import.missing"),
        (65, "合同号", "import.contradicts"),
    ]
    assert len({r.reason for r in outcome.refused}) == 5
    assert [r["row"] for r in ImportRun.objects.get().refused] == [61, 62, 63, 64, 65]


def test_bank_cs_totals_are_no_case_and_its_sums_are_exact():
    run_file("bank-c.xlsx")
    case = Case.objects.get(contract_number="LC006288")
    assert (case.debt.principal_fen, case.debt.interest_fen, case.debt.penalty_fen) == (1453871, 9854, 0)
    assert case.debt.due_since == date(2026, 11, 10)
    assert case.extra == {"备注": "maintenance"}
    assert case.parties.get().mobile == "19000000121"


@pytest.mark.parametrize("name", ["bank-a.csv", "bank-b.csv", "bank-c.xlsx"])
def test_the_same_file_twice_changes_nothing(name):
    first = run_file(name)
    before = [list(model.objects.order_by("pk").values()) for model in (Case, Party, Address, Debt, Entry)]
    again = run_file(name)
    assert counts(again) == (0, 0, first.created, len(first.refused))
    assert before == [list(model.objects.order_by("pk").values()) for model in (Case, Party, Address, Debt, Entry)]
    assert not FormerBalance.objects.exists()


def test_a_file_without_any_day_stays_the_same_the_next_day():
    head = [cell for cell in HEAD if cell != "逾期天数"]
    row = [cell for cell, of in zip(DORA, HEAD, strict=True) if of != "逾期天数"]
    take(table(row, head=head))
    assert Debt.objects.get().as_of == date(2026, 11, 24)
    assert counts(take(table(row, head=head), now=NOW + timedelta(days=3))) == (0, 0, 1, 0)


def test_a_newer_file_updates_the_balance_and_keeps_history():
    take(table(DORA, GAO))
    newer = changed(DORA, 剩余本金="9,000.00", 逾期天数="12", 手机="19000000099")
    outcome = take(table(newer, changed(GAO, 逾期天数="24")), now=NOW + timedelta(days=1))
    assert (counts(outcome), outcome.as_of) == ((0, 2, 0, 0), date(2026, 11, 24))
    case = Case.objects.get(contract_number="C-1")
    assert (case.debt.principal_fen, case.debt.as_of, case.version) == (900000, date(2026, 11, 24), 2)
    assert case.parties.get().mobile == "19000000099"
    former = case.debt.former.get()
    assert (former.principal_fen, former.as_of, former.replaced_by) == (
        1074390,
        date(2026, 11, 23),
        ImportRun.objects.last(),
    )
    last = record.timeline(case)[-1]
    assert last["action"] == "case.updated"
    assert last["payload"]["changed"]["principal_fen"] == [1074390, 900000]
    assert last["payload"]["changed"]["mobile"] == ["19000000062", "19000000099"]
    assert record.verify(case) == []


def test_an_older_file_never_overwrites_newer_figures():
    take(table(DORA))
    older = take(table(changed(DORA, 剩余本金="11,000.00", 逾期天数="10")))
    assert older.refused[0].code == "import.older"
    assert "2026-11-22" in older.refused[0].reason and "2026-11-23" in older.refused[0].reason
    assert older.refused[0].values[5] == "11,000.00"
    assert Debt.objects.get().principal_fen == 1074390


def test_a_correction_of_the_same_day_counts():
    take(table(DORA))
    assert counts(take(table(changed(DORA, 剩余本金="10,743.00")))) == (0, 1, 0, 0)
    assert FormerBalance.objects.get().principal_fen == 1074390


def test_an_empty_cell_wipes_out_nothing_that_is_known():
    take(table(DORA))
    assert counts(take(table(changed(DORA, 手机="", 现住址="")))) == (0, 0, 1, 0)
    assert Party.objects.get().mobile == "19000000062"


def test_a_move_adds_an_address_and_keeps_the_former_one():
    take(table(DORA))
    assert counts(take(table(changed(DORA, 现住址="广东省广州市越秀区北京路1号")))) == (0, 1, 0, 0)
    assert [a.district for a in Address.objects.order_by("pk")] == ["天河区", "越秀区"]


def test_another_persons_case_is_not_taken_over():
    take(table(DORA))
    outcome = take(table(changed(GAO, 合同号="C-1")))
    assert (counts(outcome), outcome.refused[0].code) == ((0, 0, 0, 1), "import.other_person")
    assert Party.objects.get().name == "朵拉"


def test_rows_of_one_file_must_not_contradict_each_other():
    outcome = take(table(DORA, DORA, changed(DORA, 剩余本金="1.00"), changed(GAO, 合同号="C-1")))
    assert counts(outcome) == (1, 0, 1, 2)
    assert [(r.row, r.code) for r in outcome.refused] == [(4, "import.differs"), (5, "import.contradicts")]
    assert all("2" in r.reason for r in outcome.refused)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"证件号码": "44010619801021590"}, "证件号码", "import.identity.length"),
        ({"证件号码": "440106198013215905"}, "证件号码", "import.identity.check_digit"),
        ({"证件号码": "110101199002300006"}, "证件号码", "import.identity.birth_date"),
        ({"证件号码": "440106202611255901"}, "证件号码", "import.identity.age"),
        ({"证件号码": "440106000101015902"}, "证件号码", "import.identity.age"),
        ({"证件号码": ""}, "证件号码", "import.missing"),
        ({"合同号": "　"}, "合同号", "import.missing"),
        ({"合同号": "2.01803E+16"}, "合同号", "import.digits_lost"),
        ({"客户姓名": "\u3000 "}, "客户姓名", "import.missing"),
        ({"客户姓名": "\u202e"}, "客户姓名", "import.missing"),
        ({"客户姓名": "#N/A"}, "客户姓名", "import.error_value"),
        ({"客户姓名": "长" * 121}, "客户姓名", "import.too_long"),
        ({"剩余本金": ""}, "剩余本金", "import.missing"),
        ({"剩余本金": "一万"}, "剩余本金", "import.number"),
        ({"剩余本金": "1.005"}, "剩余本金", "import.places"),
        ({"剩余本金": "1" * 14}, "剩余本金", "import.too_large"),
        ({"欠息": "-1"}, "欠息", "import.negative"),
        ({"逾期起始日": "30/2/2026"}, "逾期起始日", "import.date"),
        ({"逾期起始日": "2026/11/25"}, "逾期起始日", "import.day_to_come"),
        ({"手机": "1.9E+10"}, "手机", "import.mobile"),
        ({"备注": "x" * 2001}, "备注", "import.too_long"),
    ],
)
def test_a_bad_row_says_which_column_and_why(cells, column, code):
    found = refused(changed(DORA, **cells))
    assert (found.row, found.column, found.code) == (3, column, code)
    assert found.reason == str(PROBLEMS[code].sentence).format(most=120 if column == "客户姓名" else 2000)


def test_a_row_with_several_faults_names_them_all():
    found = refused(changed(DORA, 剩余本金="-1", 客户姓名=""))
    assert found.code == "import.negative"
    assert "客户姓名" in found.reason and "剩余本金" in found.reason


def test_days_that_do_not_add_up_are_no_reason_and_move_nothing():
    outcome = take(table(DORA, GAO, changed(GAO, 合同号="C-3", 逾期天数="999")))
    assert (counts(outcome), outcome.as_of) == ((3, 0, 0, 0), date(2026, 11, 23))


def test_an_unknown_district_is_no_reason():
    # 310230 was Chongming county until 2016; 999999 never was
    old, never = changed(DORA, 证件号码="310230198001010015"), changed(GAO, 证件号码="999999199001010016")
    assert counts(take(table(old, never))) == (2, 0, 0, 0)


def test_an_unquoted_comma_is_noticed():
    text = table(GAO).decode() + ",".join(
        ["C-1", "朵拉", "440106198010215905", "", "", "10", "743.90", "", "", "", "", "x"]
    )
    outcome = take(text.encode())
    assert (counts(outcome), outcome.refused[0].code) == ((1, 0, 0, 1), "import.cells")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encoding_and_delimiter_are_found(encoding, delimiter):
    assert counts(take(table(DORA, GAO, encoding=encoding, delimiter=delimiter))) == (2, 0, 0, 0)


def test_a_head_may_stand_below_a_title_and_be_written_wide():
    head = ["合 同 号", "客户姓名", "证件号码", "手机", "现住址", "剩余本金", "欠息", "逾期天数", "逾期起始日", "备注"]
    text = "甲行清单,截至２０２６年１１月２０日\n\n" + table(DORA, head=head).decode()
    outcome = take(text.encode())
    assert (counts(outcome), outcome.as_of) == ((1, 0, 0, 0), date(2026, 11, 20))


def corrected(content, **fixes):
    """What Chen makes of a refused file: the cells of one column, put right by row."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    head = next(row for row in rows if row[-1] == "原因 Reason")
    for column, cells in fixes.items():
        for row, cell in zip(rows[rows.index(head) + 1 :], cells, strict=True):
            row[head.index(column)] = row[head.index(column)] if cell is None else cell
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("gb18030")


def test_refused_rows_come_back_corrected(tmp_path):
    call_command("import_cases", FILES / "bank-b.csv", profile="bank-b", refused=tmp_path / "bad.csv")
    written = (tmp_path / "bad.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "bad.csv").stat().st_mode & 0o077 == 0
    right = corrected(
        written,
        合同号=["N-1", "N-2", "N-3", "N-4", "N-5"],
        客户姓名=["王博"] * 5,
        证件号码=["510105199402117462"] * 5,
        剩余本金=["100.00"] * 5,
        逾期起始日=["2026/11/17"] * 5,
    )
    outcome = take(right)
    assert (counts(outcome), outcome.as_of) == ((5, 0, 0, 0), date(2026, 11, 23))
    assert not Case.objects.get(contract_number="N-1").extra


def test_a_refused_workbook_row_keeps_its_title_and_so_its_day(tmp_path):
    book = Workbook()
    book.active.append(["清单(截至2026年11月20日)"])
    book.active.append([])
    book.active.append(HEAD)
    book.active.append([*DORA[:5], 12.345, *DORA[6:7], None, None, ""])
    book.save(tmp_path / "list.xlsx")
    outcome = take((tmp_path / "list.xlsx").read_bytes())
    assert (counts(outcome), outcome.refused[0].row) == ((0, 0, 0, 1), 4)
    target = io.BytesIO()
    imports.write_refused(target, outcome)
    again = take(corrected(target.getvalue(), 剩余本金=["12.34"]))
    assert (counts(again), again.as_of) == ((1, 0, 0, 0), date(2026, 11, 20))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_formula_is_harmless_in_the_refused_file(start):
    outcome = take(table(changed(DORA, 剩余本金="x", 备注=f'{start}HYPERLINK("http://x","y")', 客户姓名=f"{start}1+1")))
    target = io.BytesIO()
    imports.write_refused(target, outcome)
    row = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"))))[1]
    assert not any(cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")) for cell in row)
    assert row[2] == "'440106198010215905"  # else a spreadsheet rounds it
    assert take(corrected(target.getvalue(), 剩余本金=["1"])).created == 1
    assert Party.objects.get().name == f"{start}1+1"


def nothing_came():
    return not any(model.objects.exists() for model in (Case, Party, Creditor, ImportRun, Entry))


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


def laughing():
    """A workbook whose sheet defines entities that grow without end."""
    source, target = io.BytesIO(workbook([HEAD, DORA])), io.BytesIO()
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, bomb + content if name.endswith("sheet1.xml") else content)
    return target.getvalue()


BAD_FILES = {
    "empty": (b"", "import.empty"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "import.empty"),
    "noise": (hashlib.shake_256(b"noise").digest(5000), "import.no_table"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "import.no_table"),
    "zeros": (bytes(4096), "import.no_table"),
    "a head too far down": (b"\n" * 20 + table(DORA), "import.head"),
    "a letter": ("您好，名单下周寄出。\n".encode(), "import.head"),
    "a web page": (b"<html><table><tr><td>loan_number</td></tr></table></html>", "import.head"),
    "another bank's": ((FILES / "bank-a.csv").read_bytes(), "import.head"),
    "old Excel": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "import.old_excel"),
    "a zip": (zipped(readme="x"), "import.no_table"),
    "half a workbook": ((FILES / "bank-c.xlsx").read_bytes()[:6000], "import.broken_workbook"),
    "a hollow workbook": (zipped(xl__workbook_xml="<x/>"), "import.broken_workbook"),
    "an empty workbook": (workbook([]), "import.empty"),
    "two tables": (workbook([HEAD, DORA], [HEAD, GAO]), "import.sheets"),
    "entities": (laughing(), "import.broken_workbook"),
    "no principal": (table(DORA[:5], head=HEAD[:5]), "import.columns"),
    "a column twice": (table([*DORA, "x"], head=[*HEAD, "合同号"]), "import.column_twice"),
    "no rows": (table(), "import.no_rows"),
    "an open quotation mark": (table(DORA) + b'"C-2,' + b"x\n" * 50, "import.quote"),
    "figures to come": (b"2027-01-01\n" + table(DORA), "import.as_of_to_come"),
    "cut inside a character": (table(DORA, encoding="gb18030") + "朵".encode("gb18030")[:1], "import.no_table"),
}


@pytest.mark.parametrize(("content", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_list_says_so_and_leaves_nothing(content, code):
    with pytest.raises(Refused) as why:
        take(content)
    assert why.value.code == code
    assert str(why.value)
    assert nothing_came()


def test_a_workbook_that_breaks_off_after_good_rows_leaves_nothing():
    source, target = io.BytesIO(workbook([HEAD, *(changed(DORA, 合同号=f"C-{n}") for n in range(900))])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) - 2000] if name.endswith("sheet1.xml") else content)
    with pytest.raises(Refused) as why:
        take(target.getvalue())
    assert why.value.code == "import.broken_workbook"
    assert nothing_came()


def test_a_200_mb_file_is_refused_before_it_is_read(tmp_path):
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(200 * 1000 * 1000)
    with big.open("rb") as file, pytest.raises(Refused) as why:
        imports.run(file=file, name="big.csv", profile="bank-a", by=None, now=NOW)
    assert why.value.code == "import.too_big"
    assert "200" in str(why.value)
    assert nothing_came()


def test_a_workbook_that_unpacks_without_end_is_refused(settings):
    settings.IMPORT_MOST_BYTES = 100_000
    bomb = zipped(xl__workbook_xml="<x/>", xl__sharedStrings_xml=b" " * 2_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(Refused) as why:
        take(bomb)
    assert why.value.code == "import.too_big_inside"


def test_a_trial_says_what_would_happen_and_writes_nothing():
    outcome = take(table(DORA, changed(GAO, 剩余本金="-1")), dry_run=True)
    assert counts(outcome) == (1, 0, 0, 1)
    assert nothing_came()
    take(table(DORA))
    assert counts(take(table(changed(DORA, 剩余本金="1")), dry_run=True)) == (0, 1, 0, 0)
    assert Debt.objects.get().principal_fen == 1074390


def test_queries_do_not_grow_with_the_rows_of_a_batch(django_assert_max_num_queries):
    people = [changed(DORA, 合同号=f"C-{n}") for n in range(400)]
    with django_assert_max_num_queries(90):  # SQLite takes 999 parameters a statement
        take(table(*people))
    with django_assert_max_num_queries(15):
        assert counts(take(table(*people))) == (0, 0, 400, 0)


def test_the_original_is_only_read(tmp_path, capsys):
    path = tmp_path / "bank-b.csv"
    shutil.copy(FILES / "bank-b.csv", path)
    path.chmod(0o400)
    before = path.read_bytes()
    call_command("import_cases", path, profile="bank-b")
    assert path.read_bytes() == before
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 6
    assert "61" in said[0] and "59" in said[-1]


def test_the_command_ends_in_one_sentence(tmp_path, capsys):
    (tmp_path / "empty.csv").touch()
    for arguments in [
        {"file": tmp_path, "profile": "bank-a"},
        {"file": tmp_path / "nowhere.csv", "profile": "bank-a"},
        {"file": tmp_path / "empty.csv", "profile": "bank-a"},
        {"file": FILES / "bank-a.csv", "profile": "../bank-a"},
        {"file": FILES / "bank-a.csv", "profile": "bank-a", "refused": tmp_path},
        {"file": FILES / "bank-a.csv", "profile": "bank-a", "refused": FILES / "bank-a.csv"},
        {"file": FILES / "bank-a.csv", "profile": "bank-a", "refused": tmp_path / "nowhere" / "bad.csv"},
    ]:
        with pytest.raises(CommandError) as why:
            call_command("import_cases", arguments.pop("file"), **arguments)
        assert "\n" not in str(why.value) and len(str(why.value)) > 10
    assert nothing_came()
    assert [path.name for path in tmp_path.iterdir()] == ["empty.csv"]


def test_a_profile_of_ones_own_comes_from_the_data_folder(settings, tmp_path):
    settings.FIELDVISIT_DATA = tmp_path
    (tmp_path / "profiles").mkdir()
    account = "".join(f'account_{of} = "1"\n' for of in ("name", "bank", "number"))
    (tmp_path / "profiles" / "bank-d.toml").write_text(
        f'[creditor]\nname = "丁银行"\nshort_name = "丁"\n{account}complaint_phone = "1"\n'
        '[columns]\ncontract_number = ["no", "合同号"]\nname = "客户姓名"\n'
        'id_number = "证件号码"\nprincipal_fen = "剩余本金"\n'
    )
    assert counts(take(table(DORA), profile="bank-d")) == (1, 0, 0, 0)
    assert Case.objects.get().creditor.name == "丁银行"
    assert Case.objects.get().extra["欠息"] == "92.99"


def test_a_visit_planned_after_a_move_goes_to_the_new_address(ana, chen):
    take(table(DORA))
    take(table(changed(DORA, 现住址="广东省广州市越秀区北京路1号")))
    (visit,) = cases.plan_visits(cases=[Case.objects.get()], collector=ana, second=None, on=TODAY, by=chen, now=NOW)
    assert visit.address.district == "越秀区"
