"""Checkpoints: over all chains, signed, timestamped, kept elsewhere; what is cut or swapped shows."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from agreements import checkpoints, timestamps
from agreements.models import Checkpoint, CheckpointLeaf, CheckpointTime
from agreements.rules import merkle
from fieldvisit import record
from fieldvisit.models import Entry


@pytest.fixture(autouse=True)
def elsewhere(settings, tmp_path):
    settings.CHECKPOINT_FOLDER = tmp_path / "elsewhere"
    return settings.CHECKPOINT_FOLDER


@pytest.fixture
def say(now, ana):
    def say(case, n=1):
        for i in range(n):
            record.append(case=case, action="test.said", object=f"n:{i}", payload={"text": "x"}, actor=ana, now=now)

    return say


@pytest.fixture
def three(make_case, say):
    cases = [make_case() for _ in range(3)]
    for n, case in enumerate(cases, start=2):
        say(case, n)
    return cases


def forge(table: str, change: str):
    """What somebody with the whole database in hand may do: the triggers are no hindrance to him."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        cursor.execute(change)


def test_each_case_that_moved_has_a_leaf_and_its_proof(three, say, now):
    first = checkpoints.make(now=now)
    assert first.size == 3
    say(three[1])
    second = checkpoints.make(now=now)
    assert second.size == 4
    assert checkpoints.make(now=now) == second, "nothing has moved"
    assert checkpoints.verify() == []
    for case in three:
        leaf = checkpoints.covering(case)
        said = checkpoints.proof(leaf, second)
        path = [bytes.fromhex(step) for step in said["path"]]
        mine = checkpoints.leaf_of(case.pk, said["seq"], said["hash"])
        assert merkle.included(mine, said["place"], said["size"], path, bytes.fromhex(second.root))
        other = checkpoints.leaf_of(three[three.index(case) - 1].pk, said["seq"], said["hash"])
        assert not merkle.included(other, said["place"], said["size"], path, bytes.fromhex(second.root))


def test_a_cut_tail_and_swapped_chains_show(three, now):
    checkpoints.make(now=now)
    last = Entry.objects.filter(case=three[0]).last()
    with transaction.atomic():
        forge("fieldvisit_entrydetail", f"DELETE FROM fieldvisit_entrydetail WHERE entry_id = {last.pk}")
        forge("fieldvisit_entry", f"DELETE FROM fieldvisit_entry WHERE id = {last.pk}")
        assert record.verify(three[0]) == [], "the chain itself cannot tell"
        assert checkpoints.verify() == [f"{three[0].pk}: entry 2 is missing or another: the chain was cut, swapped or "
                                        "written anew"]  # fmt: skip


def test_whoever_alters_the_tree_too_is_betrayed_by_the_copy_elsewhere(three, now, elsewhere):
    made = checkpoints.make(now=now)
    files = sorted(elsewhere.glob("*.json"))
    assert [file.name for file in files] == ["checkpoint-000000000003-timed.json"]
    assert checkpoints.verify(files) == []
    forge("agreements_checkpointleaf", "UPDATE agreements_checkpointleaf SET seq = 1 WHERE place = 0")
    said = checkpoints.verify(files)
    assert f"checkpoint {made.size}: the tree was altered" in said
    assert "checkpoint-000000000003-timed.json: the tree was altered" in said
    with pytest.raises(CommandError):
        call_command("checkpoints", verify=str(elsewhere))


@pytest.mark.parametrize("part", ["root", "size", "at", "sig", "token"])
def test_an_altered_file_is_refused(three, now, elsewhere, part):
    checkpoints.make(now=now)
    (file,) = elsewhere.glob("*.json")
    said = json.loads(file.read_bytes())
    if part == "sig":
        said["sig"] = said["sig"][:-2] + ("AA" if said["sig"][-2:] != "AA" else "BA")
    elif part == "token":
        said["time"]["token"] = said["time"]["token"][:400] + "AAAA" + said["time"]["token"][404:]
    else:
        said["body"][part] = {"root": "0" * 64, "size": 2, "at": "2020-01-01T00:00:00+00:00"}[part]
    file.write_bytes(json.dumps(said).encode())
    assert checkpoints.verify([file])


@pytest.mark.parametrize("table", ["checkpoint", "checkpointleaf", "checkpointtime"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_checkpoints_take_insert_only(three, now, table, change):
    checkpoints.make(now=now)
    column = "seq" if table == "checkpointleaf" else "made_at"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(f"agreements_{table}", column, column))


def test_without_an_authority_it_stands_and_the_time_comes_later(three, now, monkeypatch, elsewhere):
    with monkeypatch.context() as down:
        down.setattr(timestamps, "first", lambda digest: None)
        checkpoints.make(now=now)
    assert not CheckpointTime.objects.exists()
    assert checkpoints.verify(elsewhere.glob("*.json")) == []
    assert checkpoints.due(now=now + timedelta(minutes=10)) is None, "not an hour yet"
    assert CheckpointTime.objects.count() == 1
    assert len(list(elsewhere.glob("*.json"))) == 2, "the second place may take each name only once"


def test_one_is_made_an_hour_after_the_last(three, say, now):
    checkpoints.due(now=now)
    say(three[0])
    checkpoints.due(now=now + timedelta(minutes=50))
    assert Checkpoint.objects.count() == 1
    checkpoints.due(now=now + timedelta(minutes=60))
    assert CheckpointLeaf.objects.count() == 4


def test_the_desk_shows_makes_and_verifies(three, now, sign_in, olga):
    client = sign_in(olga)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "moved since the last one: 3" in client.get("/office/checkpoints/").content.decode()
    client.post("/office/checkpoints/")
    page = client.post("/office/checkpoints/verification/", follow=True).content.decode()
    assert "Every checkpoint stands" in page and "holds" in page and "DEVELOPMENT TIME" in page
    assert client.get("/office/checkpoints/3.json").json()["body"]["size"] == 3
