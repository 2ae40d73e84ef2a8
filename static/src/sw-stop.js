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
  const pages = await self.clients.matchAll({ type: 'window' })
  const heard = await Promise.all(pages.map(answers))
  await self.registration.unregister()
  // Not waited for: a load under this worker would itself wait, for minutes, until the worker is active.
  for (const page of pages.filter((_, at) => !heard[at])) page.navigate(page.url).catch(() => {})
}

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(stop()))
