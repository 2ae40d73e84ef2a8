"""`make bench`, the server: visits of 12 events and 3 photos of 300 KB from 8 phones at once, on PostgreSQL.

Each phone makes the calls of the app: hello, events, a POST with the bytes for each photo; receipts.
Then the same visits again, as phones do that heard no answer. Then a bare WSGI application that only hashes, fsyncs
and inserts the same number of bytes and rows in one request: the limit of this machine, measured in the same run.
CPU is user + system of the server with its children, and of PostgreSQL, from /proc. VISITS=… (default 12) a phone.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import stand

PHONES, VISITS = 8, int(os.environ.get("VISITS", "12"))
EVENTS, PHOTOS, PHOTO_BYTES = 12, 3, 300_000
PROCESSES = "2"


def main():
    os.environ |= {"PROCESSES": PROCESSES, "THREADS": "4"}
    print(f"{stand.machine()}; {PROCESSES} processes, PostgreSQL with fsync", flush=True)
    with stand.server(database="postgres", durable=True) as server:
        phones = prepare(server)
        first = measure("a visit: 12 events + 3 photos of 300 KB", phones, sent, "config.wsgi", server.data)
        again = measure("the same visit again", phones, sent, "config.wsgi", server.data)
        limit = bare(server, phones)
    ours, unopened = first["cpu"] / limit["cpu"], (first["cpu"] - first["children"]) / limit["cpu"]
    rate = first["rate"] / limit["rate"]
    print(f"against the limit: rate {rate:.2f} ×, CPU {ours:.1f} × (target ≤ 2), without opening")
    print(f"the pictures {unopened:.1f} ×; the same visit again {again['cpu']:.1f} ms of CPU (target ≤ 6)")


def prepare(server):
    """[(phone, [what it sends of one visit, …])]; everything is signed and sealed before the clock runs."""
    from django.utils import timezone

    from fieldvisit.models import Assignment, User, Visit
    from tests.faults.fleet import Fleet, packed

    now, today, phones, picture = timezone.now(), timezone.localdate(), [], stand.picture(PHOTO_BYTES)
    people = list(User.objects.filter(role="collector", is_active=True).order_by("pk"))[:3]
    fleet = Fleet(server, people, now)
    for number in range(PHONES):
        phone, made = fleet.phone(number), []
        # a case for each phone: two at one case would wait for each other
        rows = Assignment.objects.filter(collector=phone.user, until_at=None).select_related("case").order_by("pk")
        cases = [row.case for row in rows[number // 3 :: 3]]
        for turn in range(VISITS):
            facts = {"case": cases[turn % len(cases)], "collector": phone.user, "planned_on": today}
            visit = Visit.objects.create(place=100 + turn, **facts)
            saved = [phone.started(visit), phone.consent(visit)]
            saved += [phone.photo(visit, picture + os.urandom(32)) for _ in range(PHOTOS)]
            saved += [phone.note(visit) for _ in range(EVENTS - PHOTOS - 3)]
            made.append(packed(phone, [*saved, phone.ended(visit)]))
        phones.append((phone, made))
    return phones


def sent(phone, requests, blobs):
    from tests.faults.fleet import drain

    verdicts, _ = drain(phone, requests, blobs)
    assert [each["status"] for each in verdicts.values()] == ["applied"] * EVENTS, verdicts


def measure(what, phones, job, application, folder):
    """Prints and returns {"rate", "cpu" of the server in ms a visit, "children"}; the pictures' children are in cpu."""

    def spent():
        return stand.spent(stand.family(application)), stand.spent(stand.family("postgres -D")), stand.size(folder)

    before = spent()

    def work(one):
        phone, visits = one
        for visit in visits:
            job(phone, *visit)

    began = time.monotonic()
    with ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(work, phones))
    seconds, number = time.monotonic() - began, sum(len(visits) for _, visits in phones)
    after = spent()
    own, pg = ({key: after[n][key] - before[n][key] for key in after[n]} for n in (0, 1))
    found = {"rate": number / seconds, "cpu": 1000 * (own["cpu"] + own["children"]) / number}
    found["children"] = 1000 * own["children"] / number
    written, kept = (own["written"] + pg["written"]) / number / 1e6, (after[2] - before[2]) / number / 1e6
    print(
        f"{what:<42}{found['rate']:>7.1f} /s  CPU {found['cpu']:>6.1f} ms (children {found['children']:.1f}), "
        f"PostgreSQL {1000 * pg['cpu'] / number:.1f} ms  written {written:.2f} MB, files {kept:.2f} MB",
        flush=True,
    )
    return found


def bare(server, phones):
    import psycopg

    from tests.live import free_port

    folder = Path(server.data).parent / "bare"
    folder.mkdir()
    url, port = server.environment["DATABASE_URL"], free_port()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (id uuid PRIMARY KEY, sha256 bytea, bytes bytea)")
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", PROCESSES]
    command += ["--blocking-threads", "4", "--log-level", "warning", "--no-ws", "bench.bare:application"]
    process = subprocess.Popen(command, env=os.environ | {"BARE_FOLDER": str(folder), "BARE_DATABASE": url})
    try:
        stand.reachable(port)
        plain = []
        for phone, visits in phones:
            bodies = []
            for (request,), blobs in visits:
                # each event is a row, and so are its receipt and its line in the record; photos and uploads are rows
                rows = [item["envelope"] for item in json.loads(request)["events"]]
                rows = rows + [row[:600] for row in rows] * 2 + ["x" * 200] * (2 * len(blobs) + 3)
                files = [blob.plain for _, blob in blobs]
                head = json.dumps({"rows": rows, "files": [len(file) for file in files]}).encode()
                bodies.append([len(head).to_bytes(4, "big") + head + b"".join(files)])
            plain.append((phone, bodies))

        def post(_, body):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("POST", "/", body)
            assert line.getresponse().status == 200
            line.close()

        return measure("the limit: hash, fsync, insert", plain, post, "bench.bare", folder)
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
