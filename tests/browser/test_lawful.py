"""The limits, held by the phone itself: what stops a visit is said with its source; he may agree to another hour."""

import json

import pytest

from tests.browser.test_day import NAME, draw
from tests.browser.test_shell import open_visit, shows, sign_in, start_visit, until
from tests.browsers import PHONE

pytestmark = pytest.mark.browser

# Whatever the time is: from now on nobody is visited.
NEVER = """
from datetime import timedelta
from django.utils import timezone
from fieldvisit import rule_changes
from fieldvisit.models import RuleChange, User
RuleChange.objects.all().delete()
now = timezone.now()
rule_changes.propose(
    pack="cn", rule="CN-TIME-01", values={"until": "08:01"}, reason="A test.", valid_to=None, now=now,
    valid_from=timezone.localdate(now) - timedelta(days=1), by=User.objects.get(username="chenjing"))
"""
SENT = """
import json
from fieldvisit.models import Event, Permission
started = json.loads(bytes(Event.objects.get(type="visit.started/1").bytes))
print("BASIS", json.dumps(started["basis"]))
print("PERMITTED", Permission.objects.count())
"""


def read_what_is_new(phone):
    """The rule was changed: the cards that name it are due again, and no visit starts before; with no signal, too."""
    phone.click("[data-step=prepare] [data-submit]:visible")
    until(phone, "document.querySelector('.act [data-wrong]').innerText.includes('先读完上面的卡片')")
    phone.click("[data-cards] a")
    shows(phone, "[data-page=cards] form")
    for name in ("hours", "rules"):
        phone.click(f"[data-card^='{name}@'] form button")
        shows(phone, f"[data-card^='{name}@'][data-read]")
    assert phone.locator("[data-card]:not([data-read])").count() == 0
    phone.click("#nav a[href='/m/today']")
    shows(phone, "[data-page=today]")
    open_visit(phone, 0)
    until(phone, "document.querySelector('[data-cards]').hidden")


def test_outside_the_hours_no_visit_starts_until_he_agrees_to_one(live, new_page):
    live.manage("shell", "-c", NEVER)
    phone = new_page(live, **PHONE)
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 0)
    until(phone, "document.querySelector('[data-twin=lawful]').innerText.includes('不在允许的时段内')")
    assert "GB/T 45251-2025" in phone.inner_text("[data-twin=lawful]")
    read_what_is_new(phone)
    phone.click("[data-step=prepare] [data-submit]:visible")
    phone.wait_for_timeout(300)
    phone.click("[data-step=prepare] [data-submit]:visible")
    until(phone, "document.querySelector('.act [data-wrong]').innerText.includes('GB/T 45251-2025')")
    assert phone.locator("[data-step=prepare]").count() == 1

    phone.click("[data-permit]")
    shows(phone, "[data-dialog=permit][open] canvas")
    phone.click("[data-dialog=permit] [type=submit]")  # nobody has signed
    until(phone, "document.querySelector('[data-dialog=permit] .wrong').innerText.includes('签名')")
    phone.fill("#permit-from", "00:00")
    phone.fill("#permit-until", "00:00")  # midnight: the whole day
    draw(phone, *NAME)
    phone.click("[data-dialog=permit] [type=submit]")
    until(phone, "!document.querySelector('[data-dialog=permit]').open")
    until(phone, "!document.querySelector('[data-permit]')")
    until(phone, "document.querySelector('[data-twin=lawful]').innerText.includes('24:00 前结束')")
    assert phone.locator(".act [data-wrong]").is_hidden()
    start_visit(phone)

    phone.context.set_offline(False)
    until(phone, "document.querySelector('#bar').textContent.includes('全部已发送')", 30)
    said = live.manage("shell", "-c", SENT).stdout
    basis = json.loads(said.split("BASIS ", 1)[1].splitlines()[0])
    assert basis["rules"].startswith("cn@") and "PERMITTED 1" in said
    assert "CN-TIME-01" not in {verdict["rule"] for verdict in basis["verdicts"]}
