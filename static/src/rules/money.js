// Whole fen to what people read. Twin of agreements/rules/money.py.

import { Refused } from './refusal.js'

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['仟', '佰', '拾', '']
const GROUPS = [[10n ** 8n, '亿'], [10n ** 4n, '万'], [1n, '']]
const MOST_FEN = 99_999_999_999_999n

export function yuan(fen) {
  const amount = whole(fen)
  const places = String(amount % 100n).padStart(2, '0')
  return `${String(amount / 100n).replace(/\B(?=(\d{3})+$)/g, ',')}.${places}`
}

/** num/den rounded to a whole number, one half upwards. BigInt or number in, number out. */
export function half_up(num, den) {
  const [above, below] = [BigInt(num), BigInt(den)]
  if (above < 0n || below <= 0n) throw new Refused('money.fraction')
  return Number((2n * above + below) / (2n * below))
}

export function percent(ppm) {
  const rate = whole(ppm)
  const places = String(rate % 10_000n).padStart(4, '0').replace(/0+$/, '')
  return `${rate / 10_000n}${places && '.'}${places}%`
}

export function capital(fen) {
  const amount = whole(fen)
  if (amount > MOST_FEN) throw new Refused('money.too_large')
  if (amount === 0n) return '零元整'
  const [yuans, jiao, cents] = [amount / 100n, Number(amount / 10n % 10n), Number(amount % 10n)]
  let words = yuans ? `${whole_yuan(yuans)}元` : ''
  if (jiao) words += `${DIGITS[jiao]}角`
  else if (cents && yuans) words += '零'
  return words + (cents ? `${DIGITS[cents]}分` : '整')
}

function whole_yuan(number) {
  let words = ''
  let gap = false
  for (const [scale, name] of GROUPS) {
    const group = Number(number / scale % 10_000n)
    if (group === 0) {
      gap = words !== ''
      continue
    }
    if (words && (gap || group < 1000)) words += '零'
    words += four(group) + name
    gap = false
  }
  return words
}

function four(group) {
  let words = ''
  let gap = false
  for (const [i, digit] of [...String(group).padStart(4, '0')].map(Number).entries()) {
    if (digit === 0) {
      gap = words !== ''
      continue
    }
    words += (gap ? '零' : '') + DIGITS[digit] + PLACES[i]
    gap = false
  }
  return words
}

function whole(number) {
  if (!Number.isSafeInteger(number) || number < 0) throw new Refused('money.whole')
  return BigInt(number)
}
