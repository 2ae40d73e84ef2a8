// When the phone locks by itself: left alone, or out of sight.
const HIDDEN_MS = 5 * 60_000
const IDLE_MS = 15 * 60_000
const LOOK_MS = 10_000

/** While a photo is taken or the debtor holds the phone: the camera dialog guards its draft, the hand-over itself. */
const excused = () => document.documentElement.dataset.handover !== undefined || Boolean(document.querySelector('[data-dialog="camera"][open]'))

/** Calls `lock()` when it is time. */
export function start(lock) {
  let touched = Date.now()
  let hidden = 0
  const look = () => {
    if (excused()) return
    if ((hidden && past(hidden) > HIDDEN_MS) || past(touched) > IDLE_MS) lock()
  }
  for (const act of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(act, () => { touched = Date.now() }, { capture: true, passive: true })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hidden = Date.now()
    else {
      look() // timers of a hidden page may have slept
      hidden = 0
    }
  })
  setInterval(look, LOOK_MS)
}

/** A clock that was set back counts as time gone by. */
const past = (since) => Math.abs(Date.now() - since)
