"""Every address of agreements: their PDF, the debtor's page, verification."""

from django.urls import path

from .views import checkpoints, clauses, concerns, debtor, decisions, endings, limitations, papers, payments, policies, portal

urlpatterns = [
    path("office/agreements/<uuid:agreement_id>/pdf", papers.show, name="agreement-pdf"),
    path("office/agreements/<uuid:agreement_id>/checks/", decisions.check, name="agreement-checks"),
    path("office/agreements/<uuid:agreement_id>/approval/", decisions.approve, name="agreement-approval"),
    path("office/agreements/<uuid:agreement_id>/rejection/", decisions.reject, name="agreement-rejection"),
    path("office/agreements/<uuid:agreement_id>/void/", endings.void, name="agreement-void"),
    path("office/voids/<int:void_id>/decision/", endings.decide, name="void-decision"),
    path("office/agreements/<uuid:agreement_id>/renewal/", endings.renew, name="agreement-renewal"),
    path("office/agreements/<uuid:agreement_id>/settled.pdf", payments.clearance, name="agreement-clearance"),
    path("office/payments/", payments.index, name="payments"),
    path("office/payments/<uuid:payment_id>/reversal/", payments.reverse, name="payment-reversal"),
    path("office/cases/<str:ref>/limitation/", limitations.release, name="case-limitation"),
    path("office/cases/<str:ref>/payments/", payments.record, name="case-payments"),
    path("office/creditors/<int:creditor_id>/policy/", policies.index, name="policies"),
    path("office/policies/<int:pk>/decision/", policies.decide, name="policy-decision"),
    path("office/clauses/", clauses.index, name="clauses"),
    path("office/clauses/drafts/<slug:set_id>/", clauses.draft, name="clause-draft"),
    path("office/clauses/drafts/<slug:set_id>/<slug:name>/", clauses.clause, name="clause-text"),
    path("office/clauses/<slug:set_id>/<int:number>/", clauses.version, name="clause-version"),
    path("office/clauses/<slug:set_id>/<int:number>/draft/", clauses.copy, name="clause-copy"),
    path("office/checkpoints/", checkpoints.index, name="checkpoints"),
    path("office/checkpoints/verification/", checkpoints.verify, name="checkpoint-verification"),
    path("office/checkpoints/<int:size>.json", checkpoints.file, name="checkpoint"),
    path("office/concerns/", concerns.index, name="concerns"),
    path("office/concerns/<uuid:concern_id>/steps/", concerns.step, name="concern-steps"),
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
