// Where a phone may be enrolled. An iPhone gives a tab and the home screen two stores: what lies in the one is not in the other.
import { t } from '../text.js'
import { find, h } from './dom.js'

const installed = () => navigator.standalone === true || matchMedia('(display-mode: standalone)').matches
const iphone = () => /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1)
const webview = () => /MicroMessenger/.test(navigator.userAgent) || !navigator.serviceWorker

/** Why no phone can be enrolled here: "webview", "tab" (of an iPhone), or "". */
export const obstacle = () => (webview() ? 'webview' : iphone() && !installed() ? 'tab' : '')

/** What stands there instead: why, and what to do. */
export const instead = (why) => h('div', { class: 'page stack', 'data-page': 'install', 'data-why': why },
  h('h1', { tabindex: '-1' }, t(`install.${why}`)), h('p', {}, t(`install.${why}.why`)),
  why === 'tab'
    ? h('ol', { class: 'steps' }, ['share', 'add', 'open'].map((step) => h('li', {}, t(`install.${step}`))))
    : h('p', { class: 'break' }, h('b', {}, `${location.origin}/m/`)))

/** The whole page is that, before anybody signs in. */
export function refuse() {
  find('#nav').remove()
  find('#main').replaceChildren(instead(obstacle()))
}

/** One line for who enrols in a tab all the same. */
export const advice = () => (installed() ? null : h('p', { class: 'mute' }, t('install.advice')))
