"""The physical limit that bench/sync.py measures against: one POST with a visit's bytes, nothing understood of them.

It hashes each piece, writes and fsyncs the files, and inserts as many rows of the same size in one transaction.
Body: a 4-byte length and JSON {"rows": [text, …], "files": [bytes, …]}, then the files themselves.
"""

import hashlib
import json
import os
import threading
from pathlib import Path
from uuid import uuid4

import psycopg

FOLDER = Path(os.environ["BARE_FOLDER"])
_here = threading.local()


def connection():
    if not hasattr(_here, "connection"):
        _here.connection = psycopg.connect(os.environ["BARE_DATABASE"])
    return _here.connection


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    size = int.from_bytes(body[:4], "big")
    said, at = json.loads(body[4 : 4 + size]), 4 + size
    names = []
    for length in said["files"]:
        data = body[at : at + length]
        at += length
        names.append(hashlib.sha256(data).hexdigest())
        with open(FOLDER / names[-1], "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    handle = os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(handle)
    os.close(handle)
    rows = [(uuid4(), hashlib.sha256(row.encode()).digest(), row.encode()) for row in said["rows"]]
    with connection().transaction(), connection().cursor() as cursor:
        cursor.executemany("INSERT INTO bare (id, sha256, bytes) VALUES (%s, %s, %s)", rows)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(names).encode()]
