// Strokes on the glass. They are the truth; the picture is only drawn from them.
import SignaturePad from 'signature_pad'

/**
 * A pad bound to one text: → {clear(), empty(), strokes(), off()}.
 * Rotation neither clears nor stretches what was drawn: the canvas takes a new size only while it is empty.
 */
export function pad(canvas, { onEnd } = {}) {
  let width, height
  const fit = () => {
    Object.assign(canvas.style, { inlineSize: '', blockSize: '' })
    ;({ width, height } = canvas.getBoundingClientRect())
    const ratio = Math.max(1, devicePixelRatio)
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) })
    Object.assign(canvas.style, { inlineSize: `${width}px`, blockSize: `${height}px` })
    canvas.getContext('2d').scale(ratio, ratio)
  }
  fit()
  const ink = getComputedStyle(canvas).color
  let pointer = 'touch'
  const signature = new SignaturePad(canvas, { throttle: 0, minDistance: 0, minWidth: 1.2, maxWidth: 3.4, penColor: ink })
  canvas.addEventListener('pointerdown', (event) => { pointer = ['touch', 'pen', 'mouse'].includes(event.pointerType) ? event.pointerType : 'touch' })
  signature.addEventListener('endStroke', () => onEnd?.())
  const refit = () => { if (signature.isEmpty()) { fit(); signature.clear() } }
  addEventListener('resize', refit)
  return {
    clear: () => { signature.clear(); refit(); onEnd?.() },
    empty: () => signature.isEmpty(),
    strokes: () => strokes(signature.toData(), width, height, pointer),
    off: () => { removeEventListener('resize', refit); signature.off() },
  }
}

const hundredths = (value, most) => Math.min(Math.max(Math.round(value * 100), 0), Math.round(most * 100))

/** signature/1 strokes: x, y in 1/100 px of the pad, t in ms since the first point, pressure in 1/1000; integers only. */
export function strokes(groups, width, height, pointer) {
  const start = groups[0]?.points[0]?.time ?? 0
  let last = 0
  const at = (time) => { last = Math.max(last, Math.round(time - start)); return last }
  return {
    pad: [Math.round(width * 100), Math.round(height * 100)], pointer,
    data: groups.map(({ points }) => points.map(({ x, y, time, pressure }) => [
      hundredths(x, width), hundredths(y, height), at(time), Math.min(Math.max(Math.round((pressure || 0) * 1000), 0), 1000)])),
  }
}
