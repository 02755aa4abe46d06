"""Addresses of the provider's applications, below `/cabinet/`."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from registry.views.cabinet import correction, criteria, parts, saving, standing, submitting

app_name = "cabinet"


class ManyConverter(StringConverter):
    """A part of an application that is made of several things, each with a page of its own."""

    regex = "sites|services"


register_converter(ManyConverter, "many")


urlpatterns = [
    path("places/", saving.places, name="places"),
    path("applications/start/", standing.start, name="start"),
    path("applications/<uuid:pk>/", standing.application, name="application"),
    path("applications/<uuid:pk>/save/", saving.autosave, name="save"),
    path("applications/<uuid:pk>/conflicts/", saving.conflicts, name="conflicts"),
    path("applications/<uuid:pk>/export.json", saving.export, name="export"),
    path("applications/<uuid:pk>/file/", saving.file, name="draft_file"),
    path("applications/<uuid:pk>/check/", submitting.check, name="check"),
    path("applications/<uuid:pk>/changes/", submitting.changes, name="changes"),
    path("applications/<uuid:pk>/submit/", submitting.submit, name="submit"),
    path("applications/<uuid:pk>/receipt/", submitting.receipt, name="receipt"),
    path("applications/<uuid:pk>/receipt.pdf", submitting.receipt_pdf, name="receipt_pdf"),
    path("applications/<uuid:pk>/withdraw/", standing.withdraw, name="withdraw"),
    path("applications/<uuid:pk>/correction/", correction.correction, name="correction"),
    path("applications/<uuid:pk>/contacts/", parts.contacts, name="contacts"),
    path("applications/<uuid:pk>/criteria/", criteria.criteria, name="criteria"),
    path("applications/<uuid:pk>/criteria/<str:key>/", criteria.criteria_of_service, name="criteria_of"),
    path("applications/<uuid:pk>/<many:part>/", parts.items, name="items"),
    path("applications/<uuid:pk>/<str:part>/add/", parts.add, name="add"),
    path("applications/<uuid:pk>/<many:part>/<str:key>/", parts.item, name="item"),
    path("applications/<uuid:pk>/<str:part>/<str:key>/remove/", parts.remove, name="remove"),
    path("applications/<uuid:pk>/<str:part>/<str:key>/back/", parts.bring_back, name="bring_back"),
    path("applications/<uuid:pk>/<str:part>/", parts.part, name="part"),
]
