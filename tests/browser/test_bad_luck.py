"""What thumbs do: every button tapped twice, a plan asked for by number, and the way back after signing."""

import pytest

from .test_day import NAME, TAP, draw, talk_it_through, tick
from .test_shell import open_visit, shows, sign_in, until

pytestmark = pytest.mark.browser

KINDS = """async () => {
  const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result) })
  const base = await asked(indexedDB.open('fieldvisit'))
  const rows = await asked(base.transaction('outbox').objectStore('outbox').getAll())
  base.close()
  return rows.map(({ type }) => type)
}"""


def test_whoever_taps_twice_signs_once_and_is_offered_no_second_plan(phone):
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 0)
    visit = phone.evaluate("location.pathname").rsplit("/", 1)[0]
    talk_it_through(phone)

    # the number he asks for is the one that is chosen; what the offer does not allow is said
    phone.click(".adjust summary")
    phone.fill("#months", "13")
    until(phone, "document.querySelector('[name=plan]:checked').value === '13'")
    until(phone, "document.querySelector('[data-answers]').innerText.includes('13')")
    for outside in ("0", "7.5", "999"):
        phone.fill("#months", outside)
        shows(phone, "[data-plans] .wrong")
    phone.fill("#months", "")
    phone.focus("[name=plan]:checked")
    phone.keyboard.press("ArrowRight")
    assert phone.evaluate("document.activeElement.matches('[name=plan]:checked')")

    phone.dblclick("[data-answers] button >> nth=1")
    shows(phone, "[data-page=sign] [name=id_check]")
    tick(phone, "id_check", "seen:id-card")
    phone.click("[data-page=sign] [type=submit]")
    shows(phone, "canvas.glass")
    phone.evaluate("document.querySelector('.deed').scrollIntoView({block: 'end'})")
    until(phone, "document.querySelector('.pad .good')?.hidden === false")
    for consent in phone.locator("[name=consent]").all():
        consent.check()
    draw(phone, *NAME)
    phone.dblclick(".act button >> nth=1")
    shows(phone, "[data-page=sign] figure.copy img")
    phone.wait_for_timeout(500)
    kinds = phone.evaluate(KINDS)
    assert kinds.count("agreement.proposed/1") == kinds.count("signature.captured/1") == 1, kinds

    phone.click("[data-page=sign] .act a")
    shows(phone, "[data-step=leave]")
    phone.evaluate(TAP, f"{visit}/agree")
    shows(phone, "[data-signed]:not([hidden])")
    assert phone.locator("form[name=choice]").is_hidden()
    assert phone.locator("[data-answers]").is_hidden()
    phone.click("[data-closed] a")
    shows(phone, "[data-step=leave]")
