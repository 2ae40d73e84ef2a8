"""Real servers on copies of a template database: granian and the worker, as `make run` starts them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import copies


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def family(pid):
    """`pid` and all its descendants, parents first (Linux)."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found


class Live:
    """`url`, `environment`, `port`; `manage(…)`, `stop()`, `kill()` and `start()` again on the same data."""

    def __init__(self, environment, log, script="config/serve.py"):
        self.script = script
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment | {"PORT": str(self.port)}
        self.log = log
        self.start()

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, self.script],
                cwd=copies.ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            time.sleep(0.05)
        raise AssertionError(f"The server did not start: {self.log.read_text()[-4000:]}")

    def manage(self, *arguments, **options):
        return copies.manage(self.environment, *arguments, **options)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def kill(self):
        """As a power cut would: supervisor, server and worker at once, with no farewell."""
        for pid in family(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The demo, imported once."""
    return copies.Template(tmp_path_factory.mktemp("template"), demo=True)


@pytest.fixture(scope="session")
def bare_template(tmp_path_factory):
    """Migrations only."""
    return copies.Template(tmp_path_factory.mktemp("bare"), demo=False)


@contextlib.contextmanager
def running(template, folder):
    """A server on a fresh copy of `template`."""
    with template.copy(folder) as environment:
        server = Live(environment, folder / "server.log")
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def live(template, tmp_path):
    with running(template, tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def shared_live(template, tmp_path_factory):
    """One server for all journeys of a file that do not stand in each other's way."""
    with running(template, tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture
def committed(bare_template, tmp_path, django_db_blocker):
    """A migrated, empty database of this process's own in which commits are real and threads see each other."""
    with bare_template.copy(tmp_path) as environment, django_db_blocker.unblock(), copies.in_process(environment):
        yield environment
