"""`make phone` in Chromium: over HTTPS at an address that is no localhost, the app installs and starts offline."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.browser.test_shell import shows, sign_in
from tests.browsers import FLAGS, PHONE, executable
from tests.config.test_phone import ADDRESS
from tests.live import Live, free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def served(template, tmp_path):
    with template.copy(tmp_path) as environment:
        ports = {"ADDRESS": ADDRESS, "CA_PORT": str(free_port())}
        server = Live(environment | ports, tmp_path / "server.log", script="config/phone.py")
        server.data = tmp_path / "data"
        yield server
        server.stop()


def trust(server):
    """The flag by which Chromium takes this one key for trusted."""
    made = x509.load_pem_x509_certificate((server.data / "phone" / "server.pem").read_bytes())
    digest = Hash(SHA256())
    digest.update(made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(digest.finalize()).decode()}"


def test_the_app_installs_over_https_and_starts_without_a_signal(served, playwright):
    browser = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, trust(served)])
    try:
        context = browser.new_context(base_url=f"https://{ADDRESS}:{served.port}", **PHONE)
        page = context.new_page()
        sign_in(page)  # signs in, sets the PIN, enrols, fetches the pack, and waits for the worker
        assert page.evaluate("isSecureContext && !!navigator.serviceWorker.controller")
        assert all(cookie["secure"] for cookie in context.cookies())
        context.set_offline(True)
        page.reload()
        shows(page, "[data-page=today] li[data-visit]")
    finally:
        browser.close()
