// Before a note in his own words is kept, it is read once: what may not be said is named with the reason. It holds nothing up.
import { language, t } from '../text.js'
import * as pack from '../offline/pack.js'
import { typed } from '../rules/speech.js'

/** The sentence to show, or ''; the same text is asked about once. What the debtor said is his and is not looked at. */
export async function warning(forms) {
  const rules = await pack.data('speech') ?? {}
  const found = forms.filter(({ dataset, elements }) => dataset.kind !== 'statement' && dataset.asked !== elements.text.value)
    .flatMap((form) => {
      const hits = typed(form.elements.text.value, rules)
      if (hits.length) form.dataset.asked = form.elements.text.value
      return hits
    })
  const named = found.map(({ row, words }) => t('words.one', { words, why: rules[row].title[language()] ?? row }))
  return named.length ? t('words.asked', { words: named.join(t('list.comma')) }) : ''
}
