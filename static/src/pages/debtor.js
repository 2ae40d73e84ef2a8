// What the two pages that a debtor looks at have in common: his language, bigger type, reading aloud, figures in words.
import { texts } from '../text.js'
import { recall } from '../offline/db.js'
import * as pack from '../offline/pack.js'
import { capital, yuan } from '../rules/money.js'
import { h, icon } from './dom.js'

export const LANGUAGES = [['zh-hans', '简体中文'], ['en', 'English']]

/** words('en')(key, values): the debtor's language may be another than the collector's. */
export const words = (language) => (key, values = {}) =>
  (texts()[key]?.[language === 'en' ? 1 : 0] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))

/** Today's date where the debtor lives, by the corrected clock. All of mainland China keeps Beijing time. */
export async function today() {
  const offset = (await recall('server'))?.offset_ms ?? 0
  return new Date(Date.now() + offset + 8 * 3600_000).toISOString().slice(0, 10)
}

/** {body, sig, token, copy} of this case's offer, or null where the pack has none. */
export async function offerOf(case_ref) {
  const found = (await pack.data('offers'))?.[case_ref]
  return found?.body ? { ...found, body: typeof found.body === 'string' ? JSON.parse(found.body) : found.body } : null
}

export const inWords = (fen, language) => h('span', { class: 'upper phrase' }, language === 'en' ? `人民币${capital(fen)}` : capital(fen))
export const amount = (fen) => h('b', {}, yuan(fen))

let large = false
/** For the element that holds the debtor's part: the type he chose stays when it is painted again. */
export const sized = (element) => { element.classList.toggle('bigger', large); return element }
export const usual = () => { large = false }

/** Two buttons above the text: bigger type, and read aloud where the device itself has a voice for this language. */
export function tools(say, language, text) {
  const bigger = h('button', { type: 'button', class: 'button', 'aria-pressed': String(large) }, icon('bigger'), say('sign.bigger'))
  bigger.addEventListener('click', () => {
    large = bigger.closest('.debtor').classList.toggle('bigger')
    bigger.setAttribute('aria-pressed', String(large))
  })
  const speak = h('button', { type: 'button', class: 'button', hidden: !voiceFor(language), onclick: () => read(language, text()) }, icon('speak'), say('sign.speak'))
  globalThis.speechSynthesis?.addEventListener?.('voiceschanged', () => { speak.hidden = !voiceFor(language) }, { once: true })
  return h('div', { class: 'tools' }, bigger, speak)
}

/** Only a voice that lives on the device: the text must not leave it. */
const voiceFor = (language) => globalThis.speechSynthesis?.getVoices()
  .find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language === 'en' ? 'en' : 'zh'))

function read(language, text) {
  speechSynthesis.cancel()
  const voice = voiceFor(language)
  for (const sentence of text) speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(sentence), { voice, lang: voice.lang, rate: 0.9 }))
}

export const silence = () => globalThis.speechSynthesis?.cancel()
