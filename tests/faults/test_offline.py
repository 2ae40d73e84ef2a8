"""B5: the worker touches GET only, nothing of a person lies in the browser's caches, and every page starts offline."""

import json

from tests.browser.test_shell import shows, until

from . import client
from .checks import server_database

STEPS = ("prepare", "arrive", "talk", "leave")
PLACES = {"/m/": "today", "/m/today": "today", "/m/cases": "cases", "/m/outbox": "outbox", "/m/me": "me"}
LYING = """async () => {
  let all = JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) all += request.url + await (await cache.match(request)).text()
  }
  return all
}"""


def test_what_the_worker_touches_and_what_lies_about(shared_live, browser, rng, tally, django_db_blocker):
    row = tally("B5", "worker GET only, caches without a person, pages offline")
    cookies, doors = client.begun(browser, shared_live.url, "zhoumin")
    page = client.new_phone(browser, shared_live.url, cookies)
    calls = []
    page.context.on("request", lambda call: calls.append(call))
    client.work(page, doors[0], "B5 月底发工资", client.photo_file(rng))
    client.deliver(page)

    sent = [call for call in calls if call.method != "GET"]
    assert {call.method for call in sent} >= {"POST", "PATCH"}
    for call in calls:
        if call.method != "GET" or "/sync/" in call.url or call.headers.get("hx-request"):
            answer = call.response()
            assert call.service_worker is None and not (answer and answer.from_service_worker), call.url
            row.run()

    known = secrets(shared_live, django_db_blocker)
    assert len(known) > 20
    lying = page.evaluate(LYING)
    assert "fieldvisit" in lying and not [secret for secret in known if secret in lying]
    row.run()

    page.goto("/m/today")
    shows(page, "li[data-visit]")
    visits = client.visits(page)
    page.context.set_offline(True)
    for visit in visits:
        for step in STEPS:
            page.goto(f"{visit}/{step}")
            shows(page, f"[data-step={step}]")
            row.run()
    for step, selector in {"agree": "[data-page=agree]", "sign": "[data-page=sign]"}.items():
        page.goto(f"{doors[0]}/{step}")
        shows(page, selector)
        row.run()
    for address, name in PLACES.items():
        page.goto(address)
        shows(page, f"[data-page={name}]")
        row.run()
    assert not page.errors
    page.context.close()


def test_a_newer_page_leaves_the_photo_he_is_looking_at(shared_live, browser):
    """Another phone's note changes the page while the camera is open; the photo lies nowhere else."""
    cookies, doors = client.begun(browser, shared_live.url, "linfang", count=1)
    page = client.new_phone(browser, shared_live.url, cookies, "linfang")
    page.goto(f"{doors[0]}/talk")
    shows(page, "[data-step=talk]")
    page.click("[data-camera]")
    until(page, "document.querySelector('[data-view=video]').videoWidth > 0")
    page.click("[data-shutter]")
    shows(page, "[data-view=shot][src]")
    other = client.new_phone(browser, shared_live.url, cookies, "linfang")
    client.work(other, doors[0], "from the other phone")
    client.deliver(other)
    with page.expect_response(lambda answer: "/sync/pack" in answer.url and answer.status == 200):
        page.evaluate(client.ONLINE)
    shows(page, "#offer button")
    assert page.evaluate("document.querySelector('[data-dialog=camera]').open")
    client.keep_photo(page)
    client.deliver(page)
    for each in (page, other):
        each.context.close()


def test_the_shell_is_the_same_for_two_users(shared_live, browser, tally):
    row = tally("B5", "worker GET only, caches without a person, pages offline")
    shells = set()
    for username in ("linfang", "shenwei"):
        page = client.new_phone(
            browser, shared_live.url, client.cookies_of(browser, shared_live.url, username), username
        )
        for address in ("/m/", "/m/today", "/m/visits/unknown/talk"):
            script = "(url) => fetch(url, {cache: 'no-store'}).then(async (r) => [r.status, await r.text()])"
            shells.add(json.dumps(page.evaluate(script, address)))
            row.run()
        page.context.close()
    assert len(shells) == 1


def secrets(server, blocker):
    """Names, numbers, streets and contracts of everybody the demo knows."""
    from fieldvisit.models import Address, Case, Party

    with server_database(server, blocker):
        found = {*Party.objects.values_list("name", flat=True), *Party.objects.values_list("mobile", flat=True)}
        found |= {*Party.objects.values_list("id_number", flat=True), *Address.objects.values_list("street", flat=True)}
        found |= {*Case.objects.values_list("contract_number", flat=True), *Case.objects.values_list("ref", flat=True)}
    return {each for each in found if each and len(each) > 1}
