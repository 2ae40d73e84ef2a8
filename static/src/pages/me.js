// The page of the person: who, language, display, this phone, and signing out without losing anything.
import { LANGUAGES, language, setLanguage, t } from '../text.js'
import { BUILD, older } from '../offline/build.js'
import { recall, tell } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import * as sender from '../offline/sender.js'
import { signOut } from '../offline/server.js'
import * as vault from '../offline/vault.js'
import { find, h, icon } from './dom.js'
import { local } from './page.js'
import { again } from './show.js'
import { paintBar, summary } from './state.js'
import * as update from './update.js'

const THEMES = ['system', 'light', 'dark', 'field']

export const theme = () => localStorage.getItem('theme') ?? 'system'

export function setTheme(name) {
  localStorage.setItem('theme', name)
  if (name === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = name
}

/** The words of the shell itself, which is the same for everybody. */
export function translateShell() {
  setLanguage(language())
  for (const place of document.querySelectorAll('[data-t]')) place.textContent = t(place.dataset.t)
  for (const place of document.querySelectorAll('[data-t-label]')) place.setAttribute('aria-label', t(place.dataset.tLabel))
}

const choices = (name, legend, options, chosen, choose) => h('fieldset', { class: 'choices' }, h('legend', {}, legend),
  options.map(([value, word, lang]) => h('label', { lang }, h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => choose(value) }), word)))

const section = (title, ...content) => h('section', { class: 'sect' }, h('h2', {}, title), ...content)

async function make() {
  const who = vault.who()
  return h('div', { class: 'page', 'data-page': 'me' },
    h('header', { class: 'day' }, h('h1', { tabindex: '-1' }, t('me.title')), h('p', { 'data-offline-ready': true })),
    h('div', { class: 'stack wide' },
      section(t('me.who'), h('dl', { class: 'facts' }, facts([
        ['me.name', who.name], ['me.username', who.username], ['me.role', t(`role.${who.role}`)]]))),
      choices('language', t('me.language'), LANGUAGES.map(([code, name]) => [code, name, code === 'en' ? 'en' : 'zh-Hans']), language(), (code) => {
        setLanguage(code)
        translateShell()
        paintBar()
        again()
      }),
      choices('theme', t('me.theme'), THEMES.map((name) => [name, t(`theme.${name}`)]), theme(), setTheme),
      section(t('me.phone'),
        h('dl', { class: 'facts' }, facts([['me.device', who.device_id.slice(0, 8), 'code'], ['me.build', BUILD, 'code']])),
        update.waiting() || older((await recall('server'))?.minimum_build)
          ? h('div', { class: 'stack' }, h('p', { class: 'mute' }, t('me.update.why')), h('button', { type: 'button', class: 'button wide', 'data-update': true, onclick: takeUpdate }, t('me.update')))
          : null,
        h('a', { class: 'button wide', href: '/m/cards' }, icon('document'), t('me.cards')),
        h('button', { type: 'button', class: 'button wide', 'data-lock': true, onclick: () => tell('lock', { why: '' }) }, icon('lock'), t('me.lock')))),
    h('div', { class: 'act' }, h('button', { type: 'button', class: 'button wide', onclick: leave }, icon('sign-out'), t('me.sign_out'))))
}

const facts = (rows) => rows.flatMap(([name, value, look]) => [h('dt', {}, t(name)), h('dd', { class: look }, value)])

async function takeUpdate({ currentTarget: button }) {
  button.disabled = true
  if (!await update.now()) button.replaceWith(h('p', { role: 'status' }, t('update.none')))
}

/** Asks once, and names what will happen to what is not sent. */
async function leave() {
  await drafts.flushAll()
  const { n } = await summary()
  const dialog = find('#ask')
  const button = (look, word, act) => h('button', { type: 'button', class: `button wide ${look}`, onclick: async () => {
    dialog.close()
    await act?.()
  } }, word)
  dialog.replaceChildren(h('div', { class: 'stack' },
    h('h2', { id: 'ask-title' }, n ? t('me.unsent', { n }) : t('me.sign_out')),
    h('p', {}, t(n ? 'me.unsent.why' : 'me.leave.why')),
    n ? button('main', t('me.send'), () => sender.drain({ force: true })) : null,
    button(n ? '' : 'main', t('me.stay')),
    button('stop', n ? t('me.keep') : t('me.sign_out'), async () => {
      await signOut()
      location.assign('/m/today')
    })))
  dialog.showModal()
}

export const start = () => local('/m/me', make)
