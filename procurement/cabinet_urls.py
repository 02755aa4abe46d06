"""Addresses of a bidder's proposals, below `/cabinet/proposals/`."""

from django.urls import path

from procurement.views.proposals import (
    appealing,
    awarding,
    clarification,
    partners,
    result,
    saving,
    sections,
    standing,
    starting,
    submitting,
)

app_name = "proposals"

urlpatterns = [
    path("start/<str:number>/", starting.start, name="start"),
    path("invitations/<int:key>/", partners.invitation, name="invitation"),
    path("<uuid:pk>/", standing.proposal, name="proposal"),
    path("<uuid:pk>/section/<slug:code>/", sections.section, name="section"),
    path("<uuid:pk>/files/<uuid:file>/", sections.file, name="file"),
    path("<uuid:pk>/save/", saving.autosave, name="save"),
    path("<uuid:pk>/conflicts/", saving.conflicts, name="conflicts"),
    path("<uuid:pk>/export.json", saving.export, name="export"),
    path("<uuid:pk>/file/", saving.copy_file, name="copy"),
    path("<uuid:pk>/partners/", partners.partners, name="partners"),
    path("<uuid:pk>/partners/<int:key>/revoke/", partners.revoke, name="revoke"),
    path("<uuid:pk>/announcement/", standing.announcement, name="announcement"),
    path("<uuid:pk>/withdraw/", standing.withdraw, name="withdraw"),
    path("<uuid:pk>/clarification/", clarification.clarification, name="clarification"),
    path("<uuid:pk>/appeal/", appealing.appeal, name="appeal"),
    path("<uuid:pk>/appeal/<int:number>/withdraw/", appealing.withdraw, name="appeal_withdraw"),
    path("<uuid:pk>/award/", awarding.award, name="award"),
    path("<uuid:pk>/result/", result.result, name="result"),
    path("<uuid:pk>/check/", submitting.check, name="check"),
    path("<uuid:pk>/submit/", submitting.submit, name="submit"),
    path("<uuid:pk>/confirm/", submitting.confirm, name="confirm"),
    path("<uuid:pk>/receipts/<int:number>/", submitting.receipt, name="receipt"),
    path("<uuid:pk>/receipts/<int:number>.pdf", submitting.receipt_pdf, name="receipt_pdf"),
]
