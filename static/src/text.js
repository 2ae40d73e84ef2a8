// The words of the script in the language that was chosen, and how it is chosen.
import { SENTENCES } from './sentences.js'

let sentences = SENTENCES

const AT = { 'zh-hans': 0, en: 1 }
const stored = () => { try { return localStorage.getItem('language') } catch { return null } }
let chosen = stored() ?? (globalThis.navigator?.language?.startsWith('zh') === false ? 'en' : 'zh-hans')
if (!(chosen in AT)) chosen = 'zh-hans'

export const LANGUAGES = [['zh-hans', '简体中文'], ['en', 'English']]
export const language = () => chosen

/** For this phone, not for a person: it holds before anybody signs in. */
export function setLanguage(code) {
  chosen = code in AT ? code : 'zh-hans'
  localStorage.setItem('language', chosen)
  document.documentElement.lang = chosen === 'en' ? 'en' : 'zh-Hans'
}

/** Once, before the first word: the bundle brings no sentences along, the worker keeps them beside it. */
export async function load() {
  while (!sentences) {
    try {
      const answer = await fetch(__SENTENCES__)
      if (answer.status === 404) location.reload() // a newer build came while this one was being loaded
      sentences = await answer.json()
    } catch { // the signal went between the script and its words
      await new Promise((resolve) => { setTimeout(resolve, 1000) })
    }
  }
}

export const has = (key) => key in texts()

/** The sentence in the chosen language; a key that is missing shows itself, and fails a test. */
export function t(key, values = {}) {
  const text = texts()[key]?.[AT[chosen]] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

/** "2 小时前", "2 h": how long since `at` (ms). */
export function ago(at, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000))
  if (minutes < 1) return t('ago.now')
  if (minutes < 60) return t('ago.minutes', { n: minutes })
  return minutes < 48 * 60 ? t('ago.hours', { n: Math.floor(minutes / 60) }) : t('ago.days', { n: Math.floor(minutes / 1440) })
}

/** "10:22" by the phone's clock. */
export const timeOf = (at) => new Date(at).toTimeString().slice(0, 5)

/** {key: [Chinese, English]} */
export function texts() { return sentences ?? {} }
