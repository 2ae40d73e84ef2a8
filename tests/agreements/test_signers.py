"""Whoever holds the key, the seal is the same: a file, a hardware module, a service that signs for us."""

import shutil
import subprocess
import threading
from base64 import b64encode
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from agreements import pades, sealkeys, standins
from tests.agreements import seals

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
TOKEN = "only for us"


@pytest.fixture(scope="module")
def folder():
    return seals.folder("seal")


@pytest.fixture(scope="module")
def parts(folder):
    """(key, certificate as a PEM file) of the development seal."""
    key, certificate, _ = pkcs12.load_key_and_certificates((folder / "seal.p12").read_bytes(),
                                                           (folder / "seal.passphrase").read_bytes())  # fmt: skip
    pem = folder / "certificate.pem"
    pem.write_bytes(certificate.public_bytes(Encoding.PEM))
    return key, pem


@contextmanager
def running(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def verdict(signer):
    return pades.verify(seals.sealed(signer), **seals.roots())


def test_a_service_that_signs_makes_the_same_seal(folder, parts):
    with running(standins.signing_server(folder, TOKEN)) as url:
        found = verdict(pades.Remote(url, token=TOKEN, chain=[parts[1]]))
    assert (found.ok, found.signer) == (True, "DEVELOPMENT SEAL - NOT A REAL SEAL")


@pytest.mark.parametrize("answer", [b"{}", b"[]", b"\xff", b'{"signature": 5}', b'{"signature": "%%%"}',
                                    b'{"signature": "' + b64encode(bytes(70)) + b'"}'], ids=str)  # fmt: skip
def test_a_service_that_sends_no_signature_seals_nothing(parts, answer):
    server = standins._server(lambda handler, body: (200, "application/json", answer), 0)
    with running(server) as url, pytest.raises(pades.Unavailable, match="signing service"):
        verdict(pades.Remote(url, token=TOKEN, chain=[parts[1]]))


def test_a_service_with_another_key_seals_nothing(parts):
    server = standins.signing_server(seals.folder("seal-of-a-stranger"), TOKEN)
    with running(server) as url, pytest.raises(pades.Unavailable, match="another key"):
        verdict(pades.Remote(url, token=TOKEN, chain=[parts[1]]))


def test_a_service_that_is_down_or_wants_another_token_is_unavailable(folder, parts):
    server = standins.signing_server(folder, TOKEN)
    with running(server) as url, pytest.raises(pades.Unavailable, match="OSError"):
        verdict(pades.Remote(url, token="another", chain=[parts[1]]))
    with pytest.raises(pades.Unavailable, match="ConnectionRefused"):
        verdict(pades.Remote(url, token=TOKEN, chain=[parts[1]]))


def run(*command, env):
    return subprocess.run(command, check=True, capture_output=True, timeout=30, env=env).stdout.decode()


@pytest.fixture(scope="module")
def module(parts, tmp_path_factory):
    """A token of SoftHSM with the development key on it, labelled "seal"; PIN 4711."""
    found = next((path for path in MODULES if Path(path).exists()), None)
    assert found and shutil.which("softhsm2-util"), "softhsm2 is missing: sh config/tools.sh"
    pytest.importorskip("pkcs11", reason="python-pkcs11 is an extra: pip install -r requirements-pkcs11.lock")
    where = tmp_path_factory.mktemp("hsm")
    (where / "tokens").mkdir()
    (where / "softhsm2.conf").write_text(f"directories.tokendir = {where}/tokens\nobjectstore.backend = file\n")
    (where / "key.pem").write_bytes(parts[0].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    env = {"SOFTHSM2_CONF": str(where / "softhsm2.conf"), "PATH": "/usr/bin:/bin"}
    run("softhsm2-util", "--init-token", "--free", "--label", "creditor", "--pin", "4711", "--so-pin", "0815", env=env)
    run("softhsm2-util", "--import", str(where / "key.pem"), "--token", "creditor", "--label", "seal", "--id", "01",
        "--pin", "4711", env=env)  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", env["SOFTHSM2_CONF"])
        yield Path(found)


def test_a_hardware_module_makes_the_same_seal(module, parts):
    signer = pades.from_pkcs11(module, token="creditor", key="seal", pin="4711", chain=[parts[1]])
    assert verdict(signer).ok
    for changes in ({"token": "nobody"}, {"pin": "0000"}):
        options = {"token": "creditor", "key": "seal", "pin": "4711", "chain": [parts[1]]} | changes
        with pytest.raises(pades.Unavailable, match="PKCS#11"):
            pades.from_pkcs11(module, **options)


def test_the_settings_open_each_of_them(settings, folder, parts, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text((folder / "seal.passphrase").read_text() + "\n")
    settings.SEAL_KEY, settings.SEAL_FILE, settings.SEAL_SECRET_FILE = "pkcs12", folder / "seal.p12", secret
    settings.SEAL_ROOTS = [folder / "root.pem"]
    sealkeys.signer.cache_clear()
    try:
        assert verdict(sealkeys.signer()).ok
        assert sealkeys.roots() == [folder / "root.pem"]  # and not those of the development seal
        settings.SEAL_KEY, settings.SEAL_URL, settings.SEAL_CERTIFICATE = "remote", "http://127.0.0.1:9/", parts[1]
        sealkeys.signer.cache_clear()
        assert isinstance(sealkeys.signer(), pades.Remote)
    finally:
        sealkeys.signer.cache_clear()


def test_production_has_no_authority_but_those_that_are_named(settings):
    settings.PRODUCTION = True
    sealkeys.authorities.cache_clear()
    try:
        assert sealkeys.authorities() == ()
        sealkeys.authorities.cache_clear()
        settings.TIMESTAMP_AUTHORITIES = ["https://one.example.com/tsa", "https://two.example.com/tsa"]
        assert [each.name for each in sealkeys.authorities()] == ["one.example.com", "two.example.com"]
    finally:
        sealkeys.authorities.cache_clear()
