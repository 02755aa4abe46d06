"""Addresses of the register."""

from django.urls import path

from registry.views import (
    availability,
    card,
    catalogue,
    confirm,
    decision,
    entitlement,
    export,
    extract,
    mistakes,
    overdue,
    register,
    staffing,
    territory,
)

app_name = "registry"

urlpatterns = [
    path("registry/", register.register_list, name="register"),
    path("registry/export.<str:form>", export.export_register, name="export"),
    path("registry/data-dictionary/", export.data_dictionary, name="data_dictionary"),
    path("registry/overdue/", overdue.overdue, name="overdue"),
    path("registry/confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("cabinet/confirm/<str:number>/", confirm.confirm_in_cabinet, name="confirm_in_cabinet"),
    path("cabinet/availability/", availability.free_places, name="availability"),
    path("registry/decisions/<path:number>.pdf", decision.decision_file, name="decision_file"),
    path("registry/decisions/<path:number>/", decision.decision_page, name="decision"),
    path("registry/<str:number>/", card.entry_card, name="entry"),
    path("registry/<str:number>/history/", card.entry_history, name="history"),
    path("registry/<str:number>/extract.pdf", extract.entry_extract, name="extract"),
    path("registry/<str:number>/report/", mistakes.report_mistake, name="report"),
    path("registry/<str:number>/report/thanks/", mistakes.report_thanks, name="report_thanks"),
    path("entitlement/", entitlement.entitlement, name="entitlement"),
    path("staffing/", staffing.staffing, name="staffing"),
    path("services/", catalogue.service_list, name="services"),
    path("services/<slug:slug>/", catalogue.service_type, name="service_type"),
    path("territories/", territory.territory_list, name="territories"),
    path("territories/<str:code>/", territory.territory_page, name="territory"),
]
