// A new build waits until the page is not in the middle of something: now, at load before anything is shown, or by his tap.
let registration = null
let asked = false
const PATIENCE_MS = 3000 // a takeover that does not come must not leave an empty page

/** Registers the worker. A build that waits takes over, and the page loads again before anything is shown. */
export async function start() {
  if (!navigator.serviceWorker) return
  const controlled = Boolean(navigator.serviceWorker.controller) // the first install takes over too, and needs no reload
  navigator.serviceWorker.addEventListener('controllerchange', () => { if (controlled && asked) location.reload() })
  try {
    registration = await navigator.serviceWorker.getRegistration('/m/') ?? null
    const register = () => navigator.serviceWorker.register('/m/sw.js', { scope: '/m/', updateViaCache: 'none' })
    if (!registration) registration = await register()
    else register().then((newer) => { registration = newer }, () => {})
  } catch {
    return // no signal at the very first start; the next one tries again
  }
  if (!take()) return
  await new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS) })
  asked = false // he works with this build now: no reload in the middle of it
}

export const waiting = () => Boolean(registration?.waiting)

/** Lets the waiting worker take over; the page then loads anew, drafts and address kept. */
export function take() {
  if (!registration?.waiting) return false
  asked = true
  registration.waiting.postMessage('skip')
  return true
}
