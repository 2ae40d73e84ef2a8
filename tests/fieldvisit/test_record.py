"""The record: append-only in the database itself, chained, and honest about what was altered."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from fieldvisit import record
from fieldvisit.models import Entry, EntryDetail


@pytest.fixture
def told(dora, ana, now):
    for n in range(5):
        record.append(case=dora, action="test.said", object=f"n:{n}", payload={"text": f"第{n}句"}, actor=ana, now=now)
    return dora


def test_entries_chain_from_the_first(told):
    entries = list(Entry.objects.filter(case=told))
    assert [e.seq for e in entries] == [1, 2, 3, 4, 5]
    assert entries[0].prev == "0" * 64
    assert [e.prev for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert record.verify(told) == []


def test_the_hash_is_that_of_the_design(told):
    import hashlib
    import json

    entry = Entry.objects.filter(case=told).first()
    facts = {key: getattr(entry, key) for key in ("action", "actor", "at", "object", "payload_sha256", "prev", "seq")}
    jcs = json.dumps(facts, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    assert entry.hash == hashlib.sha256(b"\x00" + jcs).hexdigest()


def test_no_personal_data_stands_in_the_entry(told):
    assert not any("句" in str(value) for row in Entry.objects.values() for value in row.values())


@pytest.mark.parametrize(
    "change", ["UPDATE fieldvisit_entry SET action = 'x'", "DELETE FROM fieldvisit_entry", "TRUNCATE"]
)
def test_the_database_refuses_to_rewrite_history(told, change):
    if change == "TRUNCATE":  # SQLite's only way to empty a table is DELETE
        change = (
            "TRUNCATE fieldvisit_entry CASCADE"
            if connection.vendor == "postgresql"
            else "DELETE FROM fieldvisit_entry WHERE 1"
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused for the fixtures' open checks
        cursor.execute(change)
    assert Entry.objects.filter(case=told).count() == 5


@pytest.mark.parametrize("field", ["seq", "at", "actor", "action", "object", "payload_sha256", "prev", "hash"])
@pytest.mark.parametrize("place", range(5))
def test_an_altered_entry_is_found(told, field, place):
    entries = list(Entry.objects.filter(case=told).select_related("detail"))
    value = getattr(entries[place], field)
    setattr(
        entries[place], field, value + 1 if isinstance(value, int) else value[:-1] + ("0" if value[-1] != "0" else "1")
    )
    assert record.verify_entries(entries)


def test_a_missing_a_swapped_and_a_doubled_entry_are_found(told):
    entries = list(Entry.objects.filter(case=told).select_related("detail"))
    assert record.verify_entries(entries[:2] + entries[3:])
    assert record.verify_entries([entries[0], entries[2], entries[1], *entries[3:]])
    assert record.verify_entries([*entries[:3], entries[2], *entries[3:]])


def test_an_altered_detail_is_found_and_an_erased_one_is_lawful(told):
    detail = EntryDetail.objects.filter(entry__case=told, entry__seq=2)
    detail.update(payload={"text": "another"})
    assert record.verify(told) == ["2: the detail was altered"]
    with pytest.raises(CommandError):
        call_command("verify_record")
    detail.delete()
    assert record.verify(told) == []


def test_another_name_beside_what_happened_is_found(told, bruno):
    detail = EntryDetail.objects.filter(entry__case=told, entry__seq=2)
    detail.update(actor=bruno)
    assert record.verify(told) == ["2: the detail was altered"]
    detail.update(actor=None)
    assert record.verify(told) == ["2: the detail was altered"]


def test_many_lines_cost_as_much_as_one(make_case, ana, now, django_assert_num_queries):
    cases = [make_case() for _ in range(20)]
    lines = [record.Line(case=c, action="test.said", object="x:1", payload={}, actor=ana) for c in cases]
    with django_assert_num_queries(5 if connection.vendor == "sqlite" else 6):
        record.append_many(lines, now=now)


def test_the_timeline_tells_who_and_what(told, ana):
    first = record.timeline(told)[0]
    assert (first["actor"], first["action"], first["payload"]) == (ana, "test.said", {"text": "第0句"})
