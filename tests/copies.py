"""Copies of a template database. Append-only triggers forbid flush, so whatever needs real commits works on a copy."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import dj_database_url
import psycopg

ROOT = Path(__file__).resolve().parent.parent


def environment(*, database_url, data):
    """The variables of a process of its own (server, worker, manage.py) on this database and folder."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("FIELDVISIT_TEST", "PYTEST"))
    }
    inherited["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return inherited | {"DATABASE_URL": database_url, "FIELDVISIT_DATA": str(data), "DEMO": "1", "DEBUG": "0"} | {
        "FRESH_SIGN_IN": "86400"  # one sign-in serves many phones: a one-time code is good once in half a minute
    }


def manage(environment, *arguments, check=True, **options):
    """Runs manage.py and returns the finished process, with its output as text."""
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        **options,
    )
    if check and done.returncode:
        raise AssertionError(f"manage.py {' '.join(map(str, arguments))}: {done.stderr or done.stdout}")
    return done


class Template:
    """A database with all migrations (and the demo's cases), and the folder of files that belongs to it."""

    def __init__(self, folder, *, demo):
        self.folder, self.data = folder, folder / "data"
        self.server = os.environ["DATABASE_URL"] if os.environ.get("TEST_DATABASE") == "postgres" else None
        self.name = f"template_{uuid4().hex[:12]}"
        self.url = self._empty(self.name)
        self.environment = environment(database_url=self.url, data=self.data)
        manage(self.environment, "migrate", "--verbosity", "0")
        self.greeting = manage(self.environment, "load_demo").stdout if demo else ""
        if demo:
            manage(self.environment, "shell", "-c", "from tests.fieldvisit.played import at_any_hour; at_any_hour()")

    def _empty(self, name, template=None):
        if self.server is None:
            return f"sqlite:///{self.folder / name}.sqlite3"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.server.rsplit("/", 1)[0] + f"/{name}"

    @contextlib.contextmanager
    def copy(self, folder):
        """Yields the environment of a fresh copy; the copy is gone afterwards."""
        name = f"copy_{uuid4().hex[:12]}"
        url = self._empty(name, self.name)
        if self.server is None:
            shutil.copy(self.folder / f"{self.name}.sqlite3", self.folder / f"{name}.sqlite3")
        if self.data.exists():
            shutil.copytree(self.data, folder / "data")
        try:
            yield environment(database_url=url, data=folder / "data")
        finally:
            if self.server is None:
                for path in self.folder.glob(f"{name}.sqlite3*"):
                    path.unlink()
            else:
                with psycopg.connect(self.server, autocommit=True) as connection:
                    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def in_process(environment):
    """Points this process's connection, in every thread, at the copy of `environment`; real commits are seen."""
    from django.db import connections

    wanted = dj_database_url.parse(environment["DATABASE_URL"])["NAME"]
    # The usual connection stays open beside it: closing it would forget SQLite's database in memory.
    usual = connections["default"]
    settings = usual.settings_dict
    before, settings["NAME"] = settings["NAME"], wanted
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        settings["NAME"] = before
        connections["default"] = usual
