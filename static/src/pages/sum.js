/** "1,200.5" and "１２００.5" are 120050 fen; null for what is no sum. */
export function fen(text) {
  const plain = text.normalize('NFKC').replace(/[,，\s¥元]/g, '')
  const [, whole, parts = ''] = plain.match(/^(\d{1,10})(?:\.(\d{1,2}))?$/) ?? []
  return Number(whole) * 100 + Number(parts.padEnd(2, '0')) || null
}
