"""Addresses of the register."""

from django.urls import path

from registry.views import card, catalogue, export, register, territory

app_name = "registry"

urlpatterns = [
    path("registry/", register.register_list, name="register"),
    path("registry/export.<str:form>", export.export_register, name="export"),
    path("registry/data-dictionary/", export.data_dictionary, name="data_dictionary"),
    path("registry/<str:number>/", card.entry_card, name="entry"),
    path("registry/<str:number>/history/", card.entry_history, name="history"),
    path("services/", catalogue.service_list, name="services"),
    path("services/<slug:slug>/", catalogue.service_type, name="service_type"),
    path("territories/", territory.territory_list, name="territories"),
    path("territories/<str:code>/", territory.territory_page, name="territory"),
]
