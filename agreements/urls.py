"""Every address of agreements: their PDF, the debtor's page, verification."""

from django.urls import path  # noqa: F401

urlpatterns = []
