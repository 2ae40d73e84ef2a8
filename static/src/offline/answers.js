// What becomes of a batch by what came back for it, and how long to wait before the next try.
const MINUTE = 60_000

// What an answer means for a batch. `halve`: one of them spoils it, find which. `alone`: what becomes of it then.
export const ANSWERS = [
  { when: ({ ours, status, json }) => ours && status === 200 && Array.isArray(json?.verdicts), then: 'verdicts' },
  { when: ({ ours, status }) => ours && status === 401, then: 'sign_in' },
  { when: ({ ours, status }) => ours && status === 403, then: 'again' },
  { when: ({ ours, status }) => status === 413 || (ours && [400, 409, 415, 422].includes(status)), then: 'halve', alone: 'needs' },
  { when: ({ ours, status }) => ours && status === 500, then: 'halve', alone: 'saved' },
  { when: () => true, then: 'later' }, // no signal, a portal, a proxy, 429, 502, 503, a cut answer
]

/** Full jitter, 2 s → 5 min; the server's Retry-After is the least. */
export const pause = (failures, retry_after_s = 0, random = Math.random) =>
  Math.max(retry_after_s * 1000, random() * Math.min(5 * MINUTE, 2000 * 2 ** Math.min(failures, 10)))
