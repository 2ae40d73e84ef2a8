"""What is missing stops the start with one sentence."""

import os
import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.copies import ROOT

PRODUCTION = {
    "DEMO": "0",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "visits.example.com",
    "DATABASE_URL": "postgres://fieldvisit@localhost/fieldvisit",
    "SECRET_KEY": "x" * 50,
    "SEAL_KEY": "pkcs12",
}
SEAL = ("SEAL_FILE", "SEAL_SECRET_FILE", "SEAL_ROOTS", "SEAL_CERTIFICATE", "SEAL_MODULE", "TIMESTAMP_ROOTS")


@pytest.fixture
def read(monkeypatch, tmp_path):
    """read(NAME=value, …): the settings of production with these changes; None takes a name away."""

    (tmp_path / "file").touch()
    files = dict.fromkeys(SEAL, str(tmp_path / "file"))

    def read(**changes):
        for name, value in (PRODUCTION | files | {"FIELDVISIT_DATA": str(tmp_path / "data")} | changes).items():
            monkeypatch.setenv(name, value or "")
        return runpy.run_path(str(ROOT / "config" / "settings.py"))

    return read


def test_production_starts_when_it_has_what_it_needs(read):
    settings = read()
    assert settings["PRODUCTION"] and settings["SECURE_SSL_REDIRECT"] and settings["SECURE_HSTS_SECONDS"]
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing or shorter"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is missing or shorter"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is missing"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS is missing"),
        ({"DATABASE_URL": None}, "DATABASE_URL is missing"),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must begin with"),
        ({"DEMO": "1"}, "take visits.example.com out of ALLOWED_HOSTS"),
        ({"DEBUG": "1"}, "take visits.example.com out of ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "https://visits.example.com"}, "without https://"),
        ({"ALLOWED_HOSTS": '"visits.example.com"'}, "without https://"),
        ({"ALLOWED_HOSTS": "*"}, "PUBLIC_URL is 'https://\\*'"),
        ({"PUBLIC_URL": "visits.example.com"}, "PUBLIC_URL is"),
        ({"PUBLIC_URL": "http://visits.example.com"}, "PUBLIC_URL is"),
        ({"DEMO": "yes"}, "DEMO must be 1 or 0"),
        ({"FIELDVISIT_DATA": "/dev/null/data"}, "cannot be written"),
        ({"SEAL_KEY": None}, "a development certificate must not seal real papers"),
        ({"SEAL_KEY": "development"}, "a development certificate must not seal real papers"),
        ({"SEAL_KEY": "usb"}, "SEAL_KEY must be"),
        ({"SEAL_FILE": None}, "SEAL_FILE must name one file"),
        ({"SEAL_SECRET_FILE": "/nowhere"}, "SEAL_SECRET_FILE must name one file"),
        ({"SEAL_ROOTS": None}, "SEAL_ROOTS is missing"),
        ({"SEAL_ROOTS": "/nowhere/root.pem"}, r"SEAL_ROOTS: /nowhere/root\.pem is not there"),
        ({"SEAL_KEY": "pkcs11"}, "SEAL_TOKEN and SEAL_LABEL"),
        ({"SEAL_KEY": "remote", "SEAL_URL": "http://signer.example.com/"}, "SEAL_URL must be the https address"),
        ({"TIMESTAMP_AUTHORITIES": "tsa.example.com"}, "TIMESTAMP_AUTHORITIES: an address begins"),
        ({"TIMESTAMP_AUTHORITIES": "https://tsa.example.com", "TIMESTAMP_ROOTS": None}, "TIMESTAMP_ROOTS is missing"),
    ],
)
def test_what_is_missing_is_named(read, changes, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read(**changes)


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, "https://visits.example.com"),
        ({"ALLOWED_HOSTS": ".example.com, 10.0.0.1"}, "https://example.com"),
        ({"ALLOWED_HOSTS": "*", "PUBLIC_URL": "https://visits.example.com:8443/"}, "https://visits.example.com:8443"),
        ({"DEMO": "1", "ALLOWED_HOSTS": "[::1]", "PORT": "8106"}, "http://localhost:8106"),
    ],
)
def test_papers_point_to_an_address_that_can_be_reached(read, changes, address):
    assert read(**changes)["PUBLIC_URL"] == address


def test_the_demo_makes_its_key_once(read, tmp_path):
    first, second = (read(DEMO="1", ALLOWED_HOSTS=None, SECRET_KEY=None)["SECRET_KEY"] for _ in range(2))
    assert first == second and len(first) >= 50
    assert os.stat(tmp_path / "data" / "secret_key").st_mode & 0o777 == 0o600


def test_sqlite_takes_the_write_lock_at_once(read):
    database = read(DATABASE_URL="sqlite:///var/one-office.sqlite3")["DATABASES"]["default"]
    assert database["NAME"] == ROOT / "var" / "one-office.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_a_demo_for_phones_answers_on_a_private_network_and_nowhere_else(read):
    near = "192.168.1.7,[fd00::7],desk.local"
    phone = {"DEMO": "1", "PHONE": "1"}
    assert read(ALLOWED_HOSTS=near, PUBLIC_URL="https://192.168.1.7:8443", **phone)["DEMO"]
    with pytest.raises(ImproperlyConfigured, match=r"take 192\.168\.1\.7"):
        read(ALLOWED_HOSTS=near, DEMO="1", PHONE=None)
    for stranger in ("visits.example.com", "8.8.8.8", "local", "192.168.1.7.example.com"):
        with pytest.raises(ImproperlyConfigured, match="out of ALLOWED_HOSTS"):
            read(ALLOWED_HOSTS=stranger, **phone)
    with pytest.raises(ImproperlyConfigured, match="out of ALLOWED_HOSTS"):
        read(ALLOWED_HOSTS=near, DEMO="0", DEBUG="1", PHONE="1")
