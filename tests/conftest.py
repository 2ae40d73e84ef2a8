"""What every test may use. Cast and clock: tests/cast.py. Servers: tests/live.py. Chromium: tests/browsers.py."""

from importlib.util import find_spec

pytest_plugins = [name for name in ("tests.cast", "tests.live", "tests.browsers") if find_spec(name)]
