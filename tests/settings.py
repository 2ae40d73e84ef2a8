"""The settings of the tests: `config.settings` in an environment of their own, with cheap passwords and tasks at once.

TEST_DATABASE=postgres runs on a temporary PostgreSQL; otherwise SQLite. Nothing of the developer's `.env` gets in.
"""

import atexit
import os
import shutil
import tempfile

from tests import postgres

# pytest-xdist's workers inherit the environment of the process that started them: one cluster, one folder each.
if os.environ.get("FIELDVISIT_TEST_OWNER") is None:
    os.environ["FIELDVISIT_TEST_OWNER"] = str(os.getpid())
    os.environ["FIELDVISIT_TEST_TMP"] = tempfile.mkdtemp(prefix="fieldvisit-tests-")
    atexit.register(shutil.rmtree, os.environ["FIELDVISIT_TEST_TMP"], ignore_errors=True)
    if os.environ.get("TEST_DATABASE") == "postgres":
        os.environ["DATABASE_URL"] = postgres.start()
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['FIELDVISIT_TEST_TMP']}/tests.sqlite3"

os.environ |= {"DEMO": "1", "DEBUG": "0", "ALLOWED_HOSTS": "", "SECRET_KEY": "tests only " * 6}
os.environ["FIELDVISIT_DATA"] = (
    f"{os.environ['FIELDVISIT_TEST_TMP']}/data-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
)

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
