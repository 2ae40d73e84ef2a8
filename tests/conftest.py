"""What every test may use. The cast and the clock live in tests/cast.py, servers and browsers in tests/live.py."""

from importlib.util import find_spec

pytest_plugins = [name for name in ("tests.cast", "tests.live", "tests.phones") if find_spec(name)]
