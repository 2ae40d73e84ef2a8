// Twin of fieldvisit/rules/path.py: the path of a visit. Both read tests/vectors/path.json.

export const STEPS = ['prepare', 'arrive', 'talk', 'agree', 'leave']
const MET = ['given', 'outside']

/** events: [{type, body}] in the order of their seq → {open, done, skipped, stopped, blockers: {step: [codes]}}. */
export function path(events) {
  const kinds = new Set(events.map((event) => event.type))
  const [started, ended, stopped] = ['visit.started/1', 'visit.ended/1', 'stop.raised/1'].map((kind) => kinds.has(kind))
  const entry = events.findLast((event) => event.type === 'visit.consent/1')?.body.entry ?? null
  const noted = events.some((event) => event.type === 'visit.note/1' && ['statement', 'observation'].includes(event.body.kind))
  const answered = kinds.has('signature.captured/1') || kinds.has('signature.refused/1')

  const facts = { prepare: started, arrive: entry !== null, talk: noted, agree: answered, leave: ended }
  const done = STEPS.filter((step) => facts[step])
  const over = ended || stopped
  const passedBy = over ? STEPS : entry && !MET.includes(entry) ? ['talk', 'agree'] : []
  const skipped = passedBy.filter((step) => !facts[step] && step !== 'leave')
  const waiting = STEPS.filter((step) => !done.includes(step) && !skipped.includes(step))
  const blockers = Object.fromEntries(STEPS.map((step) => [step, over ? [] : blocked(step, started, entry, noted)]))
  return { open: ended ? 'done' : waiting[0], done, skipped, stopped, blockers }
}

function blocked(step, started, entry, noted) {
  if (step === 'prepare') return []
  if (step === 'agree') return MET.includes(entry) ? [] : ['no_consent']
  if (!started) return ['not_started']
  if (step === 'arrive') return []
  if (entry === null) return ['no_consent']
  return noted || !MET.includes(entry) ? [] : ['no_note']
}
