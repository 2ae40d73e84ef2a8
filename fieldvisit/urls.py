"""Every address of the field, sync and office pages. Each needs a line in tests/test_policy.py."""

from django.urls import path  # noqa: F401

urlpatterns = [
    # --- people: signing in and out
    # --- sync
    # --- field: shell, worker, fragments
    # --- office
]
