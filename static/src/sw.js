// GET only: the shell for every address under /m/, and the assets it names. Pages, /sync/ and POST are never touched.
const CACHE = `fieldvisit-${__BUILD__}`
const SHELL = '/m/'
const KEPT = [SHELL, '/m/manifest.webmanifest', ...__ASSETS__]

async function fill() {
  const cache = await caches.open(CACHE)
  // Never from the HTTP cache, never with a cookie, never where a redirect leads: the shell is the same for everybody.
  await Promise.all(KEPT.map(async (url) => {
    const response = await fetch(url, { cache: 'reload', credentials: 'omit', redirect: 'error' })
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    await cache.put(url, response)
  }))
}

async function clear() {
  for (const name of await caches.keys()) if (name.startsWith('fieldvisit-') && name !== CACHE) await caches.delete(name)
  await self.clients.claim()
}

async function kept(request, url) {
  const cache = await caches.open(CACHE)
  return await cache.match(url) ?? fetch(request)
}

self.addEventListener('install', (event) => event.waitUntil(fill()))
self.addEventListener('activate', (event) => event.waitUntil(clear()))
self.addEventListener('message', ({ data }) => { if (data === 'skip') self.skipWaiting() })
self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const { origin, pathname } = new URL(request.url)
  if (origin !== location.origin) return
  if (request.mode === 'navigate' && pathname.startsWith('/m/')) event.respondWith(kept(request, SHELL))
  else if (pathname !== SHELL && KEPT.includes(pathname)) event.respondWith(kept(request, pathname))
})
