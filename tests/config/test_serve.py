"""Server and worker under one roof."""

import subprocess
import sys
import time
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests import copies
from tests.live import family, running


@pytest.fixture
def server(bare_template, tmp_path):
    with running(bare_template, tmp_path) as server:
        yield server


def worker_of(server):
    """The worker's process id; it may take a moment to appear."""
    for _attempt in range(200):
        for pid in family(server.process.pid):
            try:
                with open(f"/proc/{pid}/cmdline") as file:
                    if "db_worker" in file.read():
                        return pid
            except OSError:
                continue
        time.sleep(0.05)
    raise AssertionError("no worker")


def test_a_worker_that_dies_is_started_again(server):
    first = worker_of(server)
    subprocess.run(["kill", "-9", str(first)], check=True)
    until = time.monotonic() + 20
    while (second := worker_of(server)) == first:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert second != first
    assert server.process.poll() is None


def test_a_polite_stop_ends_everything_with_code_0(server):
    everyone = family(server.process.pid)
    server.process.terminate()
    assert server.process.wait(20) == 0
    assert len(everyone) >= 3
    assert not [pid for pid in everyone if alive(pid)]


def test_a_killed_supervisor_leaves_nobody_behind(server):
    everyone = family(server.process.pid)
    server.process.kill()
    server.process.wait()
    until = time.monotonic() + 20
    while [pid for pid in everyone if alive(pid)]:
        assert time.monotonic() < until
        time.sleep(0.1)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_port_in_use_is_named(server):
    second = subprocess.run(
        [sys.executable, "config/serve.py"],
        cwd=copies.ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert second.returncode == 1
    assert f"Port {server.port} is in use" in second.stderr


def test_assets_come_with_a_year_of_cache_and_sources_do_not_come(server):
    from fieldvisit.templatetags.assets import asset_url

    with urlopen(server.url + asset_url("field.css")) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith("text/css")
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{server.url}/static/src/field.js")


def test_chores_are_done_one_after_the_other_and_again(monkeypatch):
    from config import serve

    started = []

    class Chore:
        def __init__(self, command):
            started.append(command[-1])
            self.left = 2

        def poll(self):
            self.left -= 1
            return None if self.left else 1  # it fails, and that stops nobody

    def start(command):
        serve.running.append(Chore(command))
        return serve.running[-1]

    monkeypatch.setattr(serve, "start", start)
    monkeypatch.setattr(serve, "running", [])
    monkeypatch.setattr(serve, "CHORES", ["first", "second"])
    monkeypatch.setattr(serve, "EVERY_S", 0)
    do = serve.chores(due=0)
    for _ in range(4):
        next(do)
        assert len(serve.running) <= 1
    assert started == ["first", "second", "first", "second"]
