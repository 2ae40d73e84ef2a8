"""What the benches share: a server on a copy of the demo, medians, and one line for each number beside its target."""

import contextlib
import io
import os
import platform
import random
import socket
import statistics
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests import copies, live, postgres

TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def server(*, database="sqlite", durable=False):
    """A real server on a fresh demo; this process's Django looks at the same database."""
    if database == "postgres":
        os.environ |= {"TEST_DATABASE": "postgres", "DATABASE_URL": postgres.start()}
    with tempfile.TemporaryDirectory(prefix="fieldvisit-bench-") as name:
        folder = Path(name)
        (folder / "copy").mkdir()
        template = copies.Template(folder, demo=True)
        if durable:
            postgres.make_durable(os.environ["DATABASE_URL"])
        with live.running(template, folder / "copy") as found:
            found.data = folder / "copy" / "data"
            os.environ |= found.environment | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
            import django

            django.setup()
            yield found


def reachable(port):
    until = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def family(word):
    """The first process below this one whose command line has that word, and all of its descendants."""
    for pid in live.family(os.getpid()):
        with contextlib.suppress(OSError):
            if word in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "):
                return live.family(pid)
    raise AssertionError(f"no {word} runs")


def spent(pids):
    """{"cpu": s, "children": s of children that have ended, "written": bytes} of these processes until now."""
    found = {"cpu": 0.0, "children": 0.0, "written": 0}
    for pid in pids:
        with contextlib.suppress(OSError):
            times = [int(each) for each in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]]
            found["cpu"] += sum(times[:2]) / TICKS
            found["children"] += sum(times[2:]) / TICKS
            counts = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
            found["written"] += int(counts["write_bytes"]) - int(counts["cancelled_write_bytes"])
    return found


def size(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def picture(size=300_000):
    """A JPEG of 2,048 × 1,536 as the phone makes it, of about `size` bytes with what follows its end."""
    noise = Image.frombytes("RGB", (128, 96), random.Random(1).randbytes(128 * 96 * 3)).resize((2048, 1536))
    for quality in range(90, 5, -5):
        held = io.BytesIO()
        noise.save(held, "JPEG", quality=quality)
        if held.tell() < size - 32:
            return held.getvalue() + bytes(size - 32 - held.tell())
    raise AssertionError("no quality is low enough")


def machine():
    with open("/proc/meminfo") as file:
        gb = int(file.readline().split()[1]) / 1024**2
    system, python = platform.freedesktop_os_release().get("PRETTY_NAME", ""), platform.python_version()
    return f"{os.cpu_count()} cores, {gb:.0f} GB, {system}, Python {python}; load {os.getloadavg()[0]:.1f}"


def line(what, values, unit="ms", target="", note=""):
    """Printed: what, median, 95th percentile, number of runs, target."""
    p95 = statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]
    shown = [_short(statistics.median(values)), _short(p95)]
    print(f"{what:<58}{shown[0]:>9} {unit:<3} p95 {shown[1]:>8}  n {len(values):<4}{target:<12}{note}", flush=True)


def _short(number):
    return f"{number:,.0f}" if abs(number) >= 20 else f"{number:.2g}" if abs(number) < 1 else f"{number:.1f}"
