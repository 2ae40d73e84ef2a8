/** "2026-11-24T10:14:07.120+08:00": the time by this phone, with where it thinks it is. */
export function localTime(date) {
  const minutes = -date.getTimezoneOffset()
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, '0')
  const shifted = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1)
  return `${shifted}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
