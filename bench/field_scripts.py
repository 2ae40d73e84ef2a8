"""What bench/field.py runs in the page. Each is a function; all times are the page's own, in ms."""

PAINTED = """
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => done(performance.now())
    port2.postMessage(0)
  }))
  const there = (selector, whole = true) => new Promise((done) => {
    const look = () => {
      const found = [...document.querySelectorAll(selector)].some((it) => !whole || !it.closest('[aria-busy=true]'))
      if (found) { observer.disconnect(); done() }
      return found
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true, attributes: true })
    look()
  })
"""
# [what he taps (a selector; {pin}: types it and taps Open; null: the time runs from the load), what must be painted]
TAP = f"""async ([tapped, wanted]) => {{
  {PAINTED}
  let began = 0
  if (tapped?.pin) {{
    const form = document.querySelector('#lock form[name=unlock]')
    form.elements.pin.value = tapped.pin
    began = performance.now()
    form.requestSubmit()
  }} else if (tapped) {{
    const button = [...document.querySelectorAll(tapped)].find((it) => it.checkVisibility())
    began = performance.now()
    button.click()
  }}
  await there(wanted)
  return await painted() - began
}}"""
# The same, twice: until the page stands there, and until all is painted that is reckoned for it.
TAP_TWICE = f"""async ([tapped, wanted]) => {{
  {PAINTED}
  const button = [...document.querySelectorAll(tapped)].find((it) => it.checkVisibility())
  const began = performance.now()
  button.click()
  await there(wanted, false)
  const stands = await painted() - began
  await there(wanted)
  return [stands, await painted() - began]
}}"""
DIGEST = """async () => {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(6), 'PBKDF2', false, ['deriveBits'])
  const pin = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(16), iterations: 600000 }
  const began = performance.now()
  await crypto.subtle.deriveBits(pin, key, 256)
  return performance.now() - began
}"""
OPEN = """const base = await new Promise((done) => {
    const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => done(asked.result) })"""
FORGET_PACK = f"""async (key) => {{
  {OPEN}
  const tx = base.transaction('meta', 'readwrite')
  tx.objectStore('meta').delete(key)
  await new Promise((done) => {{ tx.oncomplete = done }})
  base.close()
}}"""
PACK = """() => new Promise((done) => {
  performance.clearResourceTimings()
  const news = new BroadcastChannel('fieldvisit')
  news.onmessage = ({ data }) => {
    const asked = performance.getEntriesByType('resource').find(({ name }) => name.includes('/sync/pack'))
    if (data !== 'pack' || !asked) return
    clearInterval(again)
    news.close()
    done([performance.now() - asked.startTime, asked.responseEnd - asked.startTime])
  }
  const again = setInterval(() => dispatchEvent(new Event('online')), 500) // one at a time, the page says
})"""
COUNTS = f"""async () => {{
  {OPEN}
  const count = (name) => new Promise((done) => {{
    const asked = base.transaction(name).objectStore(name).count(); asked.onsuccess = () => done(asked.result) }})
  const both = [await count('outbox'), await count('blobs')]
  base.close()
  return both
}}"""
WATCH = """() => {
  globalThis.watched = { tasks: [], gap: 0, last: performance.now() }
  new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' })
  const frame = () => {
    const now = performance.now()
    watched.gap = Math.max(watched.gap, now - watched.last)
    watched.last = now
    requestAnimationFrame(frame)
  }
  frame()
}"""
LONGEST = "() => [Math.max(0, ...watched.tasks), watched.gap]"
