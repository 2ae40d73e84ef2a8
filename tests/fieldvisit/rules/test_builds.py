import pytest

from fieldvisit.rules.builds import older

# the same stand in tests/js/builds.test.js
ROWS = [
    ("0.1.0+1a2b3c4d5e6f", "", False),
    ("0.1.0+1a2b3c4d5e6f", "0.1", False),
    ("0.1.0+1a2b3c4d5e6f", "0.1.1", True),
    ("0.9.0+1a2b3c4d5e6f", "0.10", True),
    ("1.0.0+1a2b3c4d5e6f", "0.10", False),
    ("dev", "9.0", False),
]


@pytest.mark.parametrize(("build", "least", "too_old"), ROWS)
def test_builds_are_compared_by_their_version_number_by_number(build, least, too_old):
    assert older(build, least) is too_old


def test_a_phone_from_before_there_were_versions_is_older_than_any():
    assert older("1a2b3c4d5e6f", "0.1")
    assert not older("", "0.1")  # it has not said yet
