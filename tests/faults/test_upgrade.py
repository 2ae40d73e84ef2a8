"""B7: a phone as an earlier release left it, with unsent work and a draft, opens with the present code."""

import pytest

from tests import copies
from tests.browser.test_shell import shows, until
from tests.browsers import PHONE
from tests.live import Live

from . import client, golden
from .checks import phone_store, problems
from .test_socket import arrived

RELEASES = sorted(path.name for path in golden.HERE.iterdir())


@pytest.mark.parametrize("release", RELEASES)
def test_a_phone_of_an_earlier_release(release, browser, tmp_path, tally, django_db_blocker):
    row = tally("B7", "golden phone of each release, opened now")
    held, archive = golden.load(golden.HERE / release)
    archive.extractall(tmp_path, filter="data")
    environment = copies.environment(database_url=f"sqlite:///{tmp_path}/server.sqlite3", data=tmp_path / "data")
    copies.manage(environment, "migrate", "--verbosity", "0")
    server = Live(environment, tmp_path / "server.log")
    try:
        context = browser.new_context(base_url=server.url, **PHONE)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/m/manifest.webmanifest")
        page.evaluate(golden.LOAD, {"version": held["version"], "stores": held["stores"]})
        before = phone_store(page)
        page.goto("/m/")
        until(page, "!!document.querySelector('#sign-in[open] [data-username=zhoumin]')", 20)
        page.click("[data-username=zhoumin]")
        until(page, "!!document.querySelector('[data-page]') && !document.querySelector('dialog[open]')")
        page.goto(f"{held['door']}/talk")
        shows(page, "[data-step=talk]")
        until(page, "document.querySelector('#note-opinion').value === 'golden draft'")
        client.deliver(page)
        store = phone_store(page)
        lost, doubled, said = problems(server, django_db_blocker, [store], held["saved"])
        here = arrived(server, django_db_blocker, "golden", held["saved"])
        row.run(lost=lost + max(0, 4 - here), doubled=doubled + max(0, here - 4))
        assert (len(before["outbox"]), len(before["blobs"]), here, said, errors) == (4, 1, 4, [], [])
        context.close()
    finally:
        server.stop()
