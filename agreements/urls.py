"""Every address of agreements: their PDF, the debtor's page, verification."""

from django.urls import path

from .views import decisions, papers, portal

urlpatterns = [
    path("office/agreements/<uuid:agreement_id>/pdf", papers.show, name="agreement-pdf"),
    path("office/agreements/<uuid:agreement_id>/checks/", decisions.check, name="agreement-checks"),
    path("office/agreements/<uuid:agreement_id>/rejection/", decisions.reject, name="agreement-rejection"),
    path("d/<str:token>", portal.copy, name="copy"),
    path("verify/", portal.verify, name="verify"),
]
