/** Ends what needs an open vault: {code: "signed_out" | "locked", shut: true}. */
export function shut(code) {
  throw Object.assign(new Error(code), { code, shut: true })
}

// Who locks the phone or leaves it ends whatever was under way for him. Nobody waits for that any more, so it is no error either.
globalThis.addEventListener?.('unhandledrejection', (event) => { if (event.reason?.shut) event.preventDefault() })
