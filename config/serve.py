"""Worker and server under one roof: `python config/serve.py [--prepare]`, with HOST, PORT, PROCESSES and THREADS.

A worker that dies is started again (it exits on a locked SQLite); a server that dies ends everything with its code.
Every ten minutes the CHORES are run. SIGTERM and SIGINT stop all. `--prepare` migrates first, and loads the demo's
cases where DEMO=1.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST, PORT = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
PROCESSES, THREADS = os.environ.get("PROCESSES", "1"), os.environ.get("THREADS", "4")
GRACE_S = 10
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Commands of manage.py, one after another; where this file is not used, cron runs them.
CHORES = ["sweep_uploads", "timestamps", "checkpoints --due"]
FIRST_S, EVERY_S = 60, 600

WORKER = [sys.executable, "manage.py", "db_worker", "--interval", "0.5", "--no-startup-delay"]
SERVER = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(PORT)]
SERVER += [
    "--workers",
    PROCESSES,
    "--blocking-threads",
    THREADS,
    "--log-level",
    "warning",
    "--no-ws",
    "config.wsgi:application",
]


def main(*, said=None):
    """`said`(greeting) prints what people need when it is open; else the address and the greeting are printed."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    configured()
    if occupied():
        sys.exit(f"Port {PORT} is in use: choose another one, for example PORT={PORT + 1}.")
    greeting = prepare() if "--prepare" in sys.argv else ""
    said = said or (lambda greeting: print(f"\n  http://localhost:{PORT}\n\n{greeting}", flush=True))
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    server, worker = start(SERVER), start(WORKER)
    try:
        if opened(server):
            said(greeting)
        code = supervise(server, worker)
    except KeyboardInterrupt:
        code = 0
    finally:
        # A second signal must not cut the farewell short; SIGKILL still does.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop(*running)
    sys.exit(code)


running = []


def configured():
    """Ends with the sentence that the settings give when something is missing."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        local = settings.DEMO or settings.DEBUG
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    # A Host header is the client's own word: what keeps strangers out of the demo is the address it listens on.
    if local and HOST not in LOOPBACK:
        print(f"HOST={HOST}: everybody on this network can sign in to this demo.", file=sys.stderr, flush=True)


def prepare():
    """Migrations and, for the demo, its cases. Returns what `load_demo` says of the logins."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    said = StringIO()
    if settings.DEMO:
        call_command("load_demo", stdout=said)
    connections.close_all()
    return said.getvalue()


def occupied():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            return True
    return False


def die_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def start(command):
    # An own session: Ctrl-C reaches only us, and we stop the children in order.
    process = subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent)
    running.append(process)
    return process


def interrupt(_signal, _frame):
    raise KeyboardInterrupt


def opened(server):
    """Waits until the server answers; False when it ended instead."""
    while server.poll() is None:
        try:
            socket.create_connection((HOST, PORT), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def supervise(server, worker):
    """Returns the server's exit code when it ends."""
    pause, began = 0.5, time.monotonic()
    do_chores = chores(began + FIRST_S)
    while True:
        next(do_chores)
        if server.poll() is not None:
            print(f"The server ended with code {server.returncode}.", file=sys.stderr)
            return server.returncode or 1
        if worker.poll() is not None:
            running.remove(worker)
            pause = 0.5 if time.monotonic() - began > 60 else min(pause * 2, 30)
            print(f"The worker ended with code {worker.returncode}; it starts again.", file=sys.stderr, flush=True)
            time.sleep(pause)
            worker, began = start(WORKER), time.monotonic()
        time.sleep(0.25)


def chores(due):
    """Asked again and again, starts what is due, never two at once; one that fails is tried at the next round."""
    while True:
        if time.monotonic() < due:
            yield
            continue
        due = time.monotonic() + EVERY_S
        for name in CHORES:
            process = start([sys.executable, "manage.py", *name.split()])
            while process.poll() is None:
                yield
            running.remove(process)


def stop(*processes):
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_S
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
