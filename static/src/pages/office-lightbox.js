// Photos large, with their time and place below. Without script the same links open the picture by itself.
const links = () => [...document.querySelectorAll('a[data-photo]')]

export function lightbox() {
  const dialog = document.querySelector('#lightbox')
  if (!dialog) return
  const image = dialog.querySelector('img')
  const caption = dialog.querySelector('figcaption')
  let shown = null

  function show(link) {
    shown = link
    const small = link.querySelector('img')
    image.src = link.href
    image.alt = small.alt
    caption.replaceChildren(...link.closest('figure').querySelector('figcaption').cloneNode(true).childNodes)
    dialog.querySelector('[download]').href = link.dataset.original
    for (const button of dialog.querySelectorAll('[data-step]')) button.hidden = links().length < 2
    if (!dialog.open) dialog.showModal()
  }

  function step(by) {
    const all = links()
    show(all[(all.indexOf(shown) + by + all.length) % all.length])
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-photo]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    show(link)
  })
  dialog.addEventListener('click', (event) => {
    const button = event.target.closest('[data-step]')
    if (button) step(Number(button.dataset.step))
    else if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft' || key === 'ArrowRight') step(key === 'ArrowLeft' ? -1 : 1)
  })
  dialog.addEventListener('close', () => shown?.focus())
}
