// What may not be said to a debtor, and where a text says it: the twin of fieldvisit/rules/speech.py. Its data comes with the pack.
const STOPS = /[。！？!?\n]|\.(?!\d)/u
const PAUSES = /[，；;]|,(?!\d)/u
const HAN_SPACE = /([\u3007\u3400-\u9fff]) (?=[\u3007\u3400-\u9fff])/gu

/** [{row, words}] that a person should not have typed, in either language. `rules`: {row: {"zh-hans", en, unless}} */
export const typed = (text, rules) => Object.entries(rules)
  .map(([row, rule]) => ({ row, words: forbidden(text, 'zh-hans', rule) || forbidden(text, 'en', rule) }))
  .filter(({ words }) => words)

/** The words that a rule forbids in this text, or ''. A part that says the contrary passes. */
export function forbidden(text, language, rule) {
  const sentences = plain(text).split(STOPS)
  const has = (part) => (pattern) => new RegExp(pattern, 'u').exec(part)?.[0]
  for (const part of [...sentences, ...sentences.flatMap((sentence) => sentence.split(PAUSES))]) {
    if ((rule.unless?.[language] ?? []).some((pattern) => new RegExp(pattern, 'u').test(part))) continue
    const hit = rule[language].map(has(part)).find(Boolean)
    if (hit) return hit.trim()
  }
  return ''
}

/** As a reader takes it in: one form for each sign, small letters, nothing hidden, no gaps between Chinese signs. */
export const plain = (text) => text.normalize('NFKC').replace(/\p{Cf}/gu, '').toLowerCase().trim().split(/\s+/u).join(' ').replace(HAN_SPACE, '$1')
