// Elements without innerHTML: what people wrote never becomes markup.

/** h('p', {class: 'mute', onclick: f}, 'text', node, null) */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** A drawing of the sprite; the words beside it speak. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `${document.documentElement.dataset.icons}#${name}`)
  svg.append(use)
  return svg
}

export const find = (selector, root = document) => root.querySelector(selector)
export const each = (selector, root = document) => [...root.querySelectorAll(selector)]

/** Opens a dialog; the second half of a double tap on its opener does not answer it. */
export function ask(dialog) {
  const late = (event) => {
    if (event.detail < 2) return
    event.preventDefault()
    event.stopPropagation()
  }
  dialog.addEventListener('click', late, true)
  setTimeout(() => dialog.removeEventListener('click', late, true), 600)
  dialog.showModal()
}

/** The work of a tap, once: a second tap while it runs does nothing. */
export function once(work) {
  let running = false
  return async (...given) => {
    if (running) return undefined
    running = true
    try {
      return await work(...given)
    } finally {
      running = false
    }
  }
}

/** Reads out what happened to those who do not see it. */
export function say(text) {
  find('#say').textContent = text
}
