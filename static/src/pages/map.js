// A sketch of where doors are: SVG without tiles, roads or styles, drawn from whole numbers of 1e-7 degree.
const NS = 'http://www.w3.org/2000/svg'
const W = 340, H = 260, EDGE = 26, METRES = 0.0111194927 // metres in 1e-7 degree of latitude

const draw = (name, attributes, text) => {
  const element = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  if (text) element.textContent = text
  return element
}

/** → [{x, y}] in the drawing, and the scale in its units a metre; north is up. */
export function placed(doors) {
  const [lats, lons] = [doors.map(({ lat }) => lat), doors.map(({ lon }) => lon)]
  const [north, west] = [Math.max(...lats), Math.min(...lons)]
  const shrink = Math.cos(((north + Math.min(...lats)) / 2 / 1e7) * Math.PI / 180)
  const flat = doors.map(({ lat, lon }) => ({ x: (lon - west) * METRES * shrink, y: (north - lat) * METRES }))
  const [wide, high] = [Math.max(...flat.map(({ x }) => x)), Math.max(...flat.map(({ y }) => y))]
  const scale = Math.min((W - 2 * EDGE) / Math.max(wide, 200), (H - 2 * EDGE) / Math.max(high, 200))
  const [left, top] = [(W - wide * scale) / 2, (H - high * scale) / 2]
  return { scale, points: flat.map(({ x, y }) => ({ x: Math.round(left + x * scale), y: Math.round(top + y * scale) })) }
}

/** doors: [{lat, lon, n, done, name}] in the order of the day. */
export function sketch(doors, label) {
  const { scale, points } = placed(doors)
  const svg = draw('svg', { viewBox: `0 0 ${W} ${H}`, class: 'sketch', role: 'img', 'aria-label': label })
  svg.append(draw('polyline', { points: points.map(({ x, y }) => `${x},${y}`).join(' '), class: 'way' }))
  points.forEach(({ x, y }, at) => {
    const { n, done, name } = doors[at]
    const dot = draw('g', { class: done ? 'door done' : 'door' })
    dot.append(draw('title', {}, name), draw('circle', { cx: x, cy: y, r: 11 }), draw('text', { x, y: y + 4, 'text-anchor': 'middle' }, String(n)))
    svg.append(dot)
  })
  const metres = [100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000].findLast((step) => step * scale <= 110) ?? 100
  svg.append(
    draw('path', { d: `M8 ${H - 8}h${Math.round(metres * scale)}m0 -3v6m${-Math.round(metres * scale)} 0v-6`, class: 'scale' }),
    draw('text', { x: 8, y: H - 14, class: 'scale' }, metres < 1000 ? `${metres} m` : `${metres / 1000} km`),
  )
  return svg
}
