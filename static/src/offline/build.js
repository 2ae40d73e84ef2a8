// Which build this is, and whether the office still lets it begin new work.
export const BUILD = typeof __BUILD__ === 'undefined' ? 'dev' : __BUILD__

const numbers = (build) => build.split('+')[0].split('.').map(Number)

/** "0.2.0+1a2b…" against "0.3": compared number by number. What has no number (a build of one's own) is never too old. */
export function older(least, build = BUILD) {
  if (!least || !build.includes('+')) return false
  const [own, wanted] = [numbers(build), numbers(least)]
  const at = wanted.findIndex((number, index) => number !== (own[index] ?? 0))
  return at >= 0 && (own[at] ?? 0) < wanted[at]
}

/** What begins something new. A visit that has begun is finished with the build it began with: he is at the door. */
export const begins = ({ type, visit_id }) => type === 'visit.started/1' || !visit_id
