// The shared vectors: the same JSON is read by pytest (tests/agreements/rules/reading.py).

import { readFileSync } from 'node:fs'

export const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))

/** {"cn-repayment": clause set, "cn-rights": rights card} */
export const sets = Object.fromEntries(vectors('wording').map(({ name, out }) => [name, out]))
