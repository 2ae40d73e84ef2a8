// Where the phone is, or why it does not know: whole numbers, and a refusal is recorded as one.

const REFUSED = { 1: 'denied', 2: 'unavailable', 3: 'timeout' }
const FRESH_MS = 60_000 // a position as old as this still says where he stands

/** → {position: {lat_e7, lon_e7, accuracy_cm, age_ms} | null, position_refused: null | "denied" | "unavailable" | "timeout"}. Never throws. */
export function position(patience_ms = 8_000) {
  if (!navigator.geolocation) return Promise.resolve(refused('unavailable'))
  return new Promise((resolve) => {
    // Some browsers never answer while the question to the person is open: then it took too long.
    const timer = setTimeout(() => resolve(refused('timeout')), patience_ms + 500)
    const settle = (answer) => { clearTimeout(timer); resolve(answer) }
    navigator.geolocation.getCurrentPosition(
      (found) => settle({ position: whole(found), position_refused: null }),
      (error) => settle(refused(REFUSED[error.code] ?? 'unavailable')),
      { enableHighAccuracy: true, maximumAge: FRESH_MS, timeout: patience_ms })
  })
}

const refused = (why) => ({ position: null, position_refused: why })

/** Degrees → 1e-7, metres → cm. The age is how old the reading was when it was handed to us. */
export function whole({ coords, timestamp }, now = Date.now()) {
  return {
    lat_e7: Math.round(coords.latitude * 1e7),
    lon_e7: Math.round(coords.longitude * 1e7),
    accuracy_cm: Math.min(Math.round(coords.accuracy * 100), 2 ** 31 - 1),
    age_ms: Math.min(Math.max(0, Math.round(now - timestamp)), 2 ** 31 - 1),
  }
}
