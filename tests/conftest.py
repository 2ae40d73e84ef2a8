"""What every test may use. Cast and clock: tests/cast.py. Servers: tests/live.py. Chromium: tests/browsers.py."""

import os
from importlib.util import find_spec

pytest_plugins = [name for name in ("tests.cast", "tests.live", "tests.browsers") if find_spec(name)]

DATABASE = {"db", "transactional_db", "committed"}


def pytest_collection_modifyitems(config, items):
    """What knows no database need not be told twice: on PostgreSQL only the tests run that use one."""
    if os.environ.get("TEST_DATABASE") == "postgres":
        with_database = [i for i in items if DATABASE & set(i.fixturenames) or i.get_closest_marker("django_db")]
        config.hook.pytest_deselected(items=[item for item in items if item not in with_database])
        items[:] = with_database
