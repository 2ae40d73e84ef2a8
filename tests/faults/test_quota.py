"""B1: the browser has no room left, at four moments and with five amounts of it: no text is lost, no half record."""

from tests.browser.test_shell import shows, until

from . import client
from .checks import phone_store, problems
from .test_socket import arrived

LEFT = [0, 2_000, 20_000, 120_000, 400_000]  # bytes
MOMENTS = ["before he types", "before he keeps the notes", "before he keeps the photo", "before the receipts"]
QUOTA = 24_000_000

# Fills what the browser still gives this site, in ever smaller pieces, and takes `left` bytes away again.
FILL = """async (left) => {
  const open = await new Promise((done, failed) => {
    const asked = indexedDB.open('ballast', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('ballast', { autoIncrement: true })
    asked.onsuccess = () => done(asked.result); asked.onerror = failed })
  const write = (work) => new Promise((done) => {
    const tx = open.transaction('ballast', 'readwrite', { durability: 'strict' })
    tx.oncomplete = () => done(true); tx.onabort = tx.onerror = () => done(false)
    work(tx.objectStore('ballast')) })
  const noise = (size) => {
    const all = new Uint8Array(size)
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(all.subarray(at, Math.min(size, at + 65536)))
    return all.buffer }
  if (left) await write((store) => store.put(noise(left), 'room'))
  for (let size = 1 << 20; size >= 256;) if (!await write((store) => store.add(noise(size)))) size >>= 1
  if (left) await write((store) => store.delete('room'))
  open.close()
}"""
EMPTY = """() => new Promise((done) => { const asked = indexedDB.deleteDatabase('ballast')
  asked.onsuccess = asked.onerror = asked.onblocked = () => done() })"""
HALF = """async () => {
  const open = await new Promise((done) => {
    const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => done(asked.result) })
  const all = (name) => new Promise((done) => {
    const asked = open.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result) })
  const [outbox, blobs, mine] = await Promise.all(['outbox', 'blobs', 'mine'].map(all))
  open.close()
  const ids = new Set(mine.map(({ event_id }) => event_id))
  return [...outbox, ...blobs].filter(({ event_id }) => !ids.has(event_id)).map(({ event_id }) => event_id)
}"""


# A sentence that says what went wrong, beside the photo or on the page.
TOLD = """(inside) => [...document.querySelectorAll('[data-wrong]')].some((each) =>
  !each.hidden && each.textContent.trim() && Boolean(each.closest('dialog')) === inside)"""


def small(url):
    """Before the first write of that origin; later it would not count."""

    def first(page):
        cdp = page.context.new_cdp_session(page)
        cdp.send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": QUOTA})
        page.cdp = cdp

    return first


def test_no_room_loses_no_text(shared_live, browser, rng, soak, tally, django_db_blocker):
    row = tally("B1", "quota: 5 amounts left × 4 moments")
    url = shared_live.url
    cookies, doors = client.begun(browser, url, "zhoumin")
    cases = [(left, moment) for moment in MOMENTS for left in LEFT]
    full = [(0, MOMENTS[1]), (0, MOMENTS[3])]
    refused = 0
    for left, moment in cases if soak else [*full, *rng.sample([each for each in cases if each not in full], 6)]:
        mark = f"B1-{left}-{moment}"
        page = client.new_phone(browser, url, cookies, first=small(url))
        page.context.set_offline(True)
        page.goto(f"{doors[0]}/talk")
        shows(page, "[data-step=talk]")
        if moment == MOMENTS[0]:
            page.evaluate(FILL, left)
        client.write_notes(page, mark)
        page.wait_for_timeout(400)
        if moment == MOMENTS[1]:
            page.evaluate(FILL, left)
        if moment == MOMENTS[2]:
            client.choose_photo(page, client.photo_file(rng))
            page.evaluate(FILL, left)
            page.click("[data-dialog=camera] [type=submit]")
            until(page, f"!document.querySelector('[data-dialog=camera]')?.open || ({TOLD})(true)")
            if page.evaluate("document.querySelector('[data-dialog=camera]').open"):
                refused += 1
                page.keyboard.press("Escape")
        page.click("[data-step=talk] [data-act] [data-submit]:visible")
        until(page, f"!document.querySelector('[data-step=talk]') || ({TOLD})(false)")
        said = client.saved(page)
        if page.evaluate("!!document.querySelector('[data-step=talk]')"):  # refused, and it says so
            refused += 1
            texts = set(page.evaluate("[...document.querySelectorAll('textarea')].map((each) => each.value)"))
        else:
            texts = set()
        kept = page.evaluate(
            "[...document.querySelectorAll('.kept-note [data-slot=text]')].map((each) => each.textContent)"
        )
        half = page.evaluate(HALF)
        if moment == MOMENTS[3]:
            page.evaluate(FILL, left)
            page.context.set_offline(False)
            page.evaluate(client.ONLINE)
            page.wait_for_timeout(1500)
        page.evaluate(EMPTY)
        page.context.set_offline(False)
        if texts:  # there is room again: he taps once more
            wanted = {f"{mark} {kind}" for kind in client.NOTES}
            assert wanted <= texts | set(kept), (mark, wanted - texts - set(kept))
            client.keep_notes(page)
        client.deliver(page)
        said = client.saved(page)
        lost, doubled, complaints = problems(shared_live, django_db_blocker, [phone_store(page)], said)
        here = arrived(shared_live, django_db_blocker, mark, said)
        photos = len(said) - 3
        row.run(lost=lost + max(0, 3 + photos - here), doubled=doubled + max(0, here - 3 - photos))
        assert (mark, half, complaints, here) == (mark, [], [], 3 + photos)
        page.context.close()
    row.notes = f"refused {refused}"
    assert refused, "it was never full"
