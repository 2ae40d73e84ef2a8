"""One file of settings, read from the environment; what is missing stops the start with one sentence.

DATABASE_URL     sqlite:///var/fieldvisit.sqlite3 (paths are relative to the project) or postgres://…
FIELDVISIT_DATA  folder of photos, sealed papers and keys; var/data
SECRET_KEY       at least 50 characters; made once under FIELDVISIT_DATA for the demo
ALLOWED_HOSTS    names this server answers to, separated by commas
PUBLIC_URL       how the world reaches this server, for the QR codes on papers; https and the first of ALLOWED_HOSTS
SEAL_KEY         who seals: development (not in production), pkcs12, pkcs11 or remote; the rest in docs/operations.md
TIMESTAMP_AUTHORITIES  https addresses of RFC 3161 authorities, by commas, asked in this order; two or more
CHECKPOINT_FOLDER  where checkpoints over the record go, to be fetched to a second place; checkpoints below the data
FRESH_SIGN_IN    seconds after signing in with both factors in which a phone may get its token for reading; 600
SIGN_IN_TRIES, SIGN_IN_COOL_OFF  wrong passwords or codes in a row, and minutes after them in which an account is locked
                 at that address; 10 and 15
DESK_IDLE, DESK_LASTS  seconds unused, and since signing in, after which a session at the desk ends; 3600 and 43200
STEP_UP          seconds after a code in which exports, wiping a phone and changes of people ask for none; 900
PROXIES          how many proxies of ours stand before this server and write X-Forwarded-For; 1 in production, else 0
MINIMUM_BUILD    the least version of the field app with which new work may be begun, like 0.2; none
DEMO, DEBUG      1 or 0
PHONE            1: the demo answers on the local network too; set by `make phone`, which serves it over HTTPS

Neither DEMO nor DEBUG means production. `.env` beside manage.py may hold the same names, one `NAME=value` a line;
the environment wins over it.
"""

import ipaddress
import os
import re
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]


def _environment():
    """The process's variables over those of `.env`."""
    lines = (BASE_DIR / ".env").read_text().splitlines() if (BASE_DIR / ".env").is_file() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs} | dict(os.environ)


ENV = _environment()


def _switch(name):
    value = ENV.get(name, "0").strip().lower()
    if value not in {"0", "1", "", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true"}


DEBUG = _switch("DEBUG")
DEMO = _switch("DEMO")
PHONE = _switch("PHONE")
PRODUCTION = not (DEBUG or DEMO)
ALLOWED_HOSTS = [host.strip() for host in ENV.get("ALLOWED_HOSTS", "").split(",") if host.strip()]

for host in ALLOWED_HOSTS:
    if not re.fullmatch(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9a-fA-F:.]+\]", host):
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS has {host!r}: name hosts only, without https://, port, path or quotes."
        )



def _near(host):
    """Of a private network: such a name leads nowhere from the internet."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return host.endswith(".local")


strangers = [host for host in ALLOWED_HOSTS if host not in LOCAL_HOSTS and not (DEMO and PHONE and _near(host))]
for on, name, why in ((DEMO, "DEMO", "offers its logins"), (DEBUG, "DEBUG", "shows the program's insides")):
    if on and strangers:
        raise ImproperlyConfigured(
            f"{name}=1 {why} to anyone, so it answers only to this machine: take {', '.join(strangers)} "
            f"out of ALLOWED_HOSTS, or set {name}=0."
        )
if PRODUCTION:
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing: name the hosts this server answers to (or set DEMO=1).")
    if not ENV.get("DATABASE_URL"):
        raise ImproperlyConfigured("DATABASE_URL is missing: name the database, for example postgres://user@host/name.")
    if len(ENV.get("SECRET_KEY", "")) < 50:
        raise ImproperlyConfigured("SECRET_KEY is missing or shorter than 50 characters: set a long random one.")
ALLOWED_HOSTS = ALLOWED_HOSTS or LOCAL_HOSTS

# Files and keys. Uploads wait below it too, so that case files never lie in a shared /tmp.
FIELDVISIT_DATA = BASE_DIR / ENV.get("FIELDVISIT_DATA", "var/data")
try:
    (FIELDVISIT_DATA / "incoming").mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as error:
    raise ImproperlyConfigured(f"FIELDVISIT_DATA={FIELDVISIT_DATA} cannot be written: {error.strerror}.") from None
FILE_UPLOAD_TEMP_DIR = FIELDVISIT_DATA / "incoming"
FILE_UPLOAD_PERMISSIONS = 0o600
# An event batch has at most 256 KiB; blobs are streamed and do not count.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024


def _kept_secret():
    """A key for demo and development, made once; two processes that start together agree on it."""
    path = FIELDVISIT_DATA / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = ENV.get("SECRET_KEY") or _kept_secret()

DATABASE_URL = ENV.get("DATABASE_URL") or "sqlite:///var/fieldvisit.sqlite3"
if not DATABASE_URL.startswith(("sqlite:", "postgres:", "postgresql:")):
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
# How the world reaches this server: what QR codes on papers point to.
PUBLIC_URL = ENV.get("PUBLIC_URL", "").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else f"http://localhost:{ENV.get('PORT') or 8000}"
)
# A sealed paper cannot be printed again, so an address that leads nowhere must not get on it.
if not re.fullmatch(rf"http{'s' if PRODUCTION else 's?'}://[A-Za-z0-9.\[\]:-]+(/[\w./-]*)?", PUBLIC_URL, re.ASCII):
    raise ImproperlyConfigured(
        f"PUBLIC_URL is {PUBLIC_URL!r}: name the address by which the world reaches this server, for example "
        "https://visits.example.com."
    )

DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if DATABASES["default"]["NAME"] != ":memory:":
        DATABASES["default"]["NAME"] = BASE_DIR / DATABASES["default"]["NAME"]
        DATABASES["default"]["NAME"].parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # Readers never wait; a writer takes the lock at once instead of failing half way through.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "agreements.apps.AgreementsConfig",
    "fieldvisit.apps.FieldvisitConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django_htmx",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "fieldvisit.sessions.watch",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["fieldvisit.templatetags.assets"],
        },
    }
]

# People
AUTH_USER_MODEL = "fieldvisit.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Wrong passwords are counted for an account at an address. Product defaults.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PROXIES = int(ENV.get("PROXIES") or PRODUCTION)
AXES_FAILURE_LIMIT = int(ENV.get("SIGN_IN_TRIES") or 10)
AXES_COOLOFF_TIME = timedelta(minutes=int(ENV.get("SIGN_IN_COOL_OFF") or 15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "fieldvisit.lockouts.address"
AXES_RESET_ON_SUCCESS, AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = True, False
AXES_DISABLE_ACCESS_LOG, AXES_ENABLE_ADMIN, AXES_VERBOSE = True, False, False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "demo"]
# its own answer to the locked is not ours: people.sign_in says in a sentence when he may try again
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
OTP_TOTP_ISSUER = "Fieldvisit"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # so long a link to begin is good; a product default

# Cookies: `Secure` and `__Host-` hold on http://localhost too, which browsers treat as trustworthy.
SESSION_COOKIE_NAME = "__Host-fieldvisit"
MINIMUM_BUILD = ENV.get("MINIMUM_BUILD", "").strip()
if not re.fullmatch(r"([0-9]+(\.[0-9]+)*)?", MINIMUM_BUILD):
    raise ImproperlyConfigured(f"MINIMUM_BUILD is {MINIMUM_BUILD!r}: name a version like 0.2, as in package.json.")
FRESH_SIGN_IN = int(ENV.get("FRESH_SIGN_IN") or 600)
DESK_IDLE, DESK_LASTS, STEP_UP = (
    int(ENV.get(name) or usual) for name, usual in (("DESK_IDLE", 3600), ("DESK_LASTS", 12 * 3600), ("STEP_UP", 900))
)
SESSION_COOKIE_AGE = 7 * 24 * 3600  # a locked phone must still be able to hand in its work
CSRF_COOKIE_NAME = "__Host-fieldvisit-csrf"
CSRF_FAILURE_VIEW = "fieldvisit.views.api.csrf_failure"
LANGUAGE_COOKIE_NAME = "__Host-fieldvisit-language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF, "blob:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
if PRODUCTION:
    # TLS ends at the proxy, which must overwrite this header (deploy/nginx.conf does).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Static files: only what the build made, and the plain pieces; never static/src. The build puts the hash in the name.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [(name, BASE_DIR / "static" / name) for name in ("dist", "css", "icons")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FIELDVISIT_DATA}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
ASSETS_MANIFEST = BASE_DIR / "static" / "dist" / "manifest.json"
WHITENOISE_USE_FINDERS = not PRODUCTION  # the demo needs no collectstatic
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/[^/]+-[A-Z0-9]{8}\.(js|css|svg)$"

# Work that waits; `manage.py db_worker` takes it up.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# How messages to debtors leave: a class with send(to=, subject=, text=). The demo's stand-in writes them to a file.
_STAND_IN = "" if PRODUCTION else "fieldvisit.messengers.StandIn"
MESSAGES = {
    "sms": ENV.get("MESSAGES_SMS") or _STAND_IN,
    "email": ENV.get("MESSAGES_EMAIL") or ("fieldvisit.messengers.Mail" if PRODUCTION else _STAND_IN),
}
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if PRODUCTION else 'console'}.EmailBackend"

# The creditor's seal and the time over it. A path may be relative to the project.
def _paths(name):
    return [BASE_DIR / path.strip() for path in ENV.get(name, "").split(",") if path.strip()]


def _one(name):
    """The file that a setting names, which must be there."""
    found = _paths(name)
    if len(found) != 1 or not found[0].is_file():
        raise ImproperlyConfigured(f"{name} must name one file that is there; SEAL_KEY={SEAL_KEY} needs it.")
    return found[0]


SEAL_KEY = ENV.get("SEAL_KEY") or "development"
SEAL_ROOTS, TIMESTAMP_ROOTS, SEAL_CRLS = (_paths(name) for name in ("SEAL_ROOTS", "TIMESTAMP_ROOTS", "SEAL_CRLS"))
CHECKPOINT_FOLDER = BASE_DIR / (ENV.get("CHECKPOINT_FOLDER") or FIELDVISIT_DATA / "checkpoints")
TIMESTAMP_AUTHORITIES = [url.strip() for url in ENV.get("TIMESTAMP_AUTHORITIES", "").split(",") if url.strip()]
TIMESTAMP_LIMIT_S = float(ENV.get("TIMESTAMP_LIMIT_S") or 5)
if SEAL_KEY not in ("development", "pkcs12", "pkcs11", "remote"):
    raise ImproperlyConfigured(f"SEAL_KEY must be development, pkcs12, pkcs11 or remote, not {SEAL_KEY!r}.")
if PRODUCTION and SEAL_KEY == "development":
    raise ImproperlyConfigured(
        "SEAL_KEY is missing: a development certificate must not seal real papers. Set pkcs12, pkcs11 or remote."
    )
if SEAL_KEY != "development":
    SEAL_SECRET_FILE = _one("SEAL_SECRET_FILE")
    if SEAL_KEY == "pkcs12":
        SEAL_FILE = _one("SEAL_FILE")
    else:
        SEAL_CERTIFICATE = _one("SEAL_CERTIFICATE")
    if SEAL_KEY == "pkcs11":
        SEAL_MODULE, SEAL_TOKEN, SEAL_LABEL = _one("SEAL_MODULE"), ENV.get("SEAL_TOKEN"), ENV.get("SEAL_LABEL")
        if not (SEAL_TOKEN and SEAL_LABEL):
            raise ImproperlyConfigured("SEAL_TOKEN and SEAL_LABEL must name the token and the key on it.")
    if SEAL_KEY == "remote":
        SEAL_URL = ENV.get("SEAL_URL", "")
        if not re.match(r"https://|http://(localhost|127\.0\.0\.1)[:/]", SEAL_URL):
            raise ImproperlyConfigured("SEAL_URL must be the https address of the service that signs.")
    if not SEAL_ROOTS:
        raise ImproperlyConfigured("SEAL_ROOTS is missing: name the PEM files of the roots that the seal leads to.")
for name, files in (("SEAL_ROOTS", SEAL_ROOTS), ("TIMESTAMP_ROOTS", TIMESTAMP_ROOTS), ("SEAL_CRLS", SEAL_CRLS)):
    for file in files:
        if not file.is_file():
            raise ImproperlyConfigured(f"{name}: {file} is not there.")
for url in TIMESTAMP_AUTHORITIES:
    if not re.match(r"https?://[^/\s]+", url):
        raise ImproperlyConfigured("TIMESTAMP_AUTHORITIES: an address begins with https:// (or http://).")
if TIMESTAMP_AUTHORITIES and not TIMESTAMP_ROOTS:
    raise ImproperlyConfigured("TIMESTAMP_ROOTS is missing: name the PEM files of the authorities' roots.")

# Names and paths of requests, never bodies, query strings of the database, or mail with request data in it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "fieldvisit": {"level": "INFO"},
        "agreements": {"level": "INFO"},
        # it writes a stack trace for every file that it refuses, and refusing is its daily work
        "pyhanko": {"level": "CRITICAL"},
        # Django's own would mail whole requests to administrators.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
