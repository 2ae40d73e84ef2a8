// Sent in place of sw.js while the worker is stopped: takes away what a broken one left, and itself.
// IndexedDB is not touched: what is not sent stays, and the page that the server hands out now sends it.
const DEAF_MS = 3000

/** Does a living page answer? A page that a broken worker handed out may be deaf. */
const answers = (page) => new Promise((done) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => done(true)
  page.postMessage('alive?', [port2])
  setTimeout(() => done(false), DEAF_MS)
})

async function stop() {
  for (const name of await caches.keys()) if (name.startsWith('fieldvisit-')) await caches.delete(name)
  // What lives goes on: its code is in memory, and it loads anew when it is locked. What is deaf loads now.
  for (const page of await self.clients.matchAll({ type: 'window' })) {
    if (!await answers(page)) await page.navigate(page.url).catch(() => {})
  }
  await self.registration.unregister()
}

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(stop()))
