"""Every address of agreements: their PDF, the debtor's page, verification."""

from django.urls import path

from .views import papers, portal

urlpatterns = [
    path("office/agreements/<uuid:agreement_id>/pdf", papers.show, name="agreement-pdf"),
    path("d/<str:token>", portal.copy, name="copy"),
    path("verify/", portal.verify, name="verify"),
]
