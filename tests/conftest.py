"""What every test may use. The cast and the clock live in tests/cast.py, servers in tests/live.py, Chromium in tests/browsers.py."""

from importlib.util import find_spec

pytest_plugins = [name for name in ("tests.cast", "tests.live", "tests.browsers") if find_spec(name)]
