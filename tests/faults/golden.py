"""Keeps a phone and its server as a release leaves them, with work unsent: `make golden` after each release.

tests/faults/golden/<name>/phone.json.gz   IndexedDB: version, stores with their indexes, rows; CryptoKeys as JWK
tests/faults/golden/<name>/server.tar.gz   the SQLite database and the server's keys (of a demo; they protect nothing)
"""

import gzip
import io
import json
import os
import random
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent / "golden"

# Keys are made so that they can be read out, in this one browser.
READABLE_KEYS = """(() => {
  const make = crypto.subtle.generateKey.bind(crypto.subtle)
  crypto.subtle.generateKey = (how, _extractable, uses) => make(how, true, uses)
})()"""

DUMP = """async () => {
  const base64 = (bytes) => {
    let text = ''
    for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte)
    return btoa(text) }
  const plain = async (value) => {
    if (value instanceof ArrayBuffer) return { $buffer: base64(value) }
    if (ArrayBuffer.isView(value)) return { $bytes: base64(Uint8Array.from(value)) }
    if (value instanceof CryptoKey) {
      const how = JSON.parse(JSON.stringify(value.algorithm))
      return { $key: await crypto.subtle.exportKey('jwk', value), how, uses: value.usages } }
    if (Array.isArray(value)) return Promise.all(value.map(plain))
    if (value instanceof Date) throw new Error('a Date')
    if (value && typeof value === 'object') {
      const pairs = Object.entries(value).map(async ([key, each]) => [key, await plain(each)])
      return Object.fromEntries(await Promise.all(pairs)) }
    return value
  }
  const get = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
  const open = await get(indexedDB.open('fieldvisit'))
  const stores = {}
  for (const name of open.objectStoreNames) {
    const store = open.transaction(name).objectStore(name)
    const indexes = [...store.indexNames].map((each) => ({ name: each, keyPath: store.index(each).keyPath }))
    const [keys, rows] = await Promise.all([get(store.getAllKeys()), get(store.getAll())])
    const kept = name === 'pack' ? rows.slice(0, 4) : rows
    const { keyPath } = store
    stores[name] = { keyPath, indexes, keys: keys.slice(0, kept.length), rows: await Promise.all(kept.map(plain)) }
  }
  const { version } = open
  open.close()
  return { version, stores }
}"""

LOAD = """async ({ version, stores }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  const live = async (value) => {
    if (Array.isArray(value)) return Promise.all(value.map(live))
    if (!value || typeof value !== 'object') return value
    if (value.$buffer !== undefined) return bytes(value.$buffer).buffer
    if (value.$bytes !== undefined) return bytes(value.$bytes)
    if (value.$key) return crypto.subtle.importKey('jwk', { ...value.$key, ext: undefined, key_ops: undefined },
      value.how, value.$key.kty === 'EC' && !value.$key.d, value.uses)
    const pairs = Object.entries(value).map(async ([key, each]) => [key, await live(each)])
    return Object.fromEntries(await Promise.all(pairs))
  }
  const ready = {}
  for (const [name, store] of Object.entries(stores)) ready[name] = await Promise.all(store.rows.map(live))
  const open = await new Promise((done, failed) => {
    const asked = indexedDB.open('fieldvisit', version)
    asked.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes }] of Object.entries(stores)) {
        const store = asked.result.createObjectStore(name, keyPath ? { keyPath } : {})
        for (const index of indexes) store.createIndex(index.name, index.keyPath)
      }
    }
    asked.onsuccess = () => done(asked.result); asked.onerror = failed
  })
  for (const [name, { keyPath, keys }] of Object.entries(stores)) {
    const tx = open.transaction(name, 'readwrite')
    const store = tx.objectStore(name)
    ready[name].forEach((row, at) => (keyPath ? store.put(row) : store.put(row, keys[at])))
    await new Promise((done, failed) => { tx.oncomplete = done; tx.onabort = failed })
  }
  open.close()
}"""


def save(name):
    """Plays a morning on the present code, and keeps phone and server before the work is sent."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from tests import browsers, copies, live

    from . import client

    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        made = Path(made)
        (made / "template").mkdir()
        template = copies.Template(made / "template", demo=True)
        with live.running(template, made) as server:
            browser = playwright.chromium.launch(executable_path=browsers.executable(), args=browsers.FLAGS)
            context = browser.new_context(base_url=server.url, **browsers.PHONE)
            context.add_init_script(READABLE_KEYS)
            page = context.new_page()
            client.enter(page)
            door = client.visits(page)[0]
            client.arrive(page, door)
            client.deliver(page)
            context.set_offline(True)
            client.work(page, door, "golden", client.photo_file(random.Random(name), 400))
            page.goto(f"{door}/talk")
            client.shows(page, "[data-step=talk]")
            page.fill("#note-opinion", "golden draft")
            page.wait_for_timeout(800)
            found = page.evaluate(DUMP) | {
                "door": door,
                "saved": client.saved(page),
                "made": datetime.now(UTC).isoformat(),
            }
            browser.close()
            server.stop()
            (folder / "phone.json.gz").write_bytes(gzip.compress(json.dumps(found).encode(), 9, mtime=0))
            pack(server.environment, folder / "server.tar.gz")
    print(f"{folder}: {sum(each.stat().st_size for each in folder.iterdir()) // 1024} KB")


def pack(environment, target):
    import sqlite3

    database = environment["DATABASE_URL"].removeprefix("sqlite:///")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(target, "w:gz") as tar:
        copy = Path(folder) / "server.sqlite3"
        with sqlite3.connect(database) as base:
            base.execute("VACUUM INTO ?", (str(copy),))
        tar.add(copy, "server.sqlite3")
        tar.add(Path(environment["FIELDVISIT_DATA"]) / "keys", "data/keys")


def load(folder):
    """(what the phone holds, the server's files as an open archive)"""
    phone = json.loads(gzip.decompress((folder / "phone.json.gz").read_bytes()))
    return phone, tarfile.open(fileobj=io.BytesIO((folder / "server.tar.gz").read_bytes()))


if __name__ == "__main__":
    save(sys.argv[1])
