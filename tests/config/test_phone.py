"""`make phone`: the demo over HTTPS, with a certificate authority that a phone trusts once."""

import json
import ssl
import subprocess
import sys
from datetime import timedelta
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cryptography import x509

from config import phone
from tests import copies
from tests.live import Live, free_port

ADDRESS = "127.0.0.2"  # not one of the names that a demo answers to by itself


@pytest.fixture
def served(bare_template, tmp_path):
    with bare_template.copy(tmp_path) as environment:
        ports = {"ADDRESS": ADDRESS, "CA_PORT": str(free_port())}
        server = Live(environment | ports, tmp_path / "server.log", script="config/phone.py")
        yield server
        server.stop()


def fetched(server):
    """The authority, as a phone fetches it, as a context that trusts nobody else."""
    with urlopen(f"http://{ADDRESS}:{server.environment['CA_PORT']}/{phone.FILE}") as answer:
        assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
        # as PEM: reading DER stumbles over an error that a hardware module's library left behind in this process
        return ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(answer.read()))


def test_a_phone_that_trusts_the_authority_reaches_the_demo_and_others_do_not(served):
    url = f"https://{ADDRESS}:{served.port}"
    with urlopen(f"{url}/sync/hello", context=fetched(served)) as answer:
        assert json.load(answer)["v"] == 1
        assert "Secure" in answer.headers["Set-Cookie"]
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(f"{url}/sync/hello", context=ssl.create_default_context())


def test_the_authority_outlives_the_server_and_a_certificate_its_start(served):
    trusted = fetched(served)
    first = ssl.get_server_certificate((ADDRESS, served.port))
    served.stop()
    served.start()
    assert ssl.get_server_certificate((ADDRESS, served.port)) != first
    with urlopen(f"https://{ADDRESS}:{served.port}/sync/hello", context=trusted) as answer:
        assert answer.status == 200


def test_the_page_with_the_authority_names_the_demo_and_nothing_else_is_there(served):
    base = f"http://{ADDRESS}:{served.environment['CA_PORT']}"
    with urlopen(f"{base}/") as answer:
        page = answer.read().decode()
    assert f"https://{ADDRESS}:{served.port}/m/" in page and phone.FILE in page
    for path in ("ca.key", "../ca.key", "server.key"):
        with pytest.raises(URLError, match="404"):
            urlopen(f"{base}/{path}")


def test_a_certificate_is_one_that_ios_and_android_take(tmp_path):
    """Names as subject alternative names, P-256, for serving, of at most 398 days; the keys are nobody else's."""
    ca = phone.authority(tmp_path)
    certificate, key = phone.leaf(ca, tmp_path, "192.168.1.7")
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.7", "127.0.0.1"]
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=398)
    uses = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert x509.oid.ExtendedKeyUsageOID.SERVER_AUTH in uses
    assert made.public_key().curve.name == "secp256r1"
    assert [path.stat().st_mode & 0o777 for path in (key, tmp_path / "ca.key")] == [0o600, 0o600]
    assert phone.fingerprint(phone.authority(tmp_path)) == phone.fingerprint(ca)


def test_it_is_for_the_demo_only(tmp_path):
    environment = copies.environment(database_url=f"sqlite:///{tmp_path}/x.sqlite3", data=tmp_path / "data")
    wanted = environment | {"DEMO": "0", "DEBUG": "0", "SECRET_KEY": "x" * 50, "ADDRESS": ADDRESS}
    wanted |= {"SEAL_KEY": "pkcs12"} | dict.fromkeys(("SEAL_FILE", "SEAL_SECRET_FILE", "SEAL_ROOTS"), "manage.py")
    done = subprocess.run(
        [sys.executable, "config/phone.py"], cwd=copies.ROOT, env=wanted, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 1 and "serves the demo only" in done.stderr
