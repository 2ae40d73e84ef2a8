"""Every address of agreements: their PDF, the debtor's page, verification."""

from django.urls import path

from .views import debtor, decisions, papers, portal

urlpatterns = [
    path("office/agreements/<uuid:agreement_id>/pdf", papers.show, name="agreement-pdf"),
    path("office/agreements/<uuid:agreement_id>/checks/", decisions.check, name="agreement-checks"),
    path("office/agreements/<uuid:agreement_id>/approval/", decisions.approve, name="agreement-approval"),
    path("office/agreements/<uuid:agreement_id>/rejection/", decisions.reject, name="agreement-rejection"),
    path("d/<str:token>", debtor.copy, name="copy"),
    path("d/<str:token>/key", debtor.key, name="copy-key"),
    path("d/<str:token>/code", debtor.code, name="copy-code"),
    path("d/<str:token>/leave", debtor.leave, name="copy-leave"),
    path("d/<str:token>/agreement.pdf", debtor.paper, name="copy-paper"),
    path("d/<str:token>/settled.pdf", debtor.clearance, name="copy-clearance"),
    path("d/<str:token>/dates.ics", debtor.calendar, name="copy-calendar"),
    path("d/<str:token>/withdrawal", debtor.withdrawal, name="copy-withdrawal"),
    path("d/<str:token>/concerns/<slug:kind>", debtor.concern, name="copy-concern"),
    path("verify/", portal.verify, name="verify"),
]
