"""Addresses of a provider's contracts, below `/cabinet/contracts/`."""

from django.urls import URLPattern, path

from procurement.views.contract_desks import provider, risks
from procurement.views.contractor import contract
from procurement.views.delivery import acts, reports
from procurement.views.monitoring import provider as monitored

app_name = "contractor"

urlpatterns: list[URLPattern] = [
    # desk
    path("", provider.home, name="home"),
    path("risks/<int:pk>/", risks.provider_risk, name="risk"),
    # delivery and money
    path("<int:pk>/reports/", reports.own_reports, name="reports"),
    path("reports/<int:report_id>/", reports.own_report, name="report"),
    path("reports/<int:report_id>/act/", reports.report_act, name="report_act"),
    path("<int:pk>/acts/", acts.own_acts, name="acts"),
    path("<int:pk>/acts/new/", acts.act_new, name="act_new"),
    path("acts/<int:act_id>/", acts.own_act, name="act"),
    path("acts/<int:act_id>/correct/", acts.own_correct, name="act_correct"),
    path("acts/<int:act_id>/act.pdf", acts.own_paper, name="act_pdf"),
    # one contract
    path("<int:pk>/", contract.contract, name="contract"),
    path("<int:pk>/sign/", contract.sign, name="sign"),
    path("<int:pk>/versions/<int:number>.pdf", contract.version_pdf, name="version_pdf"),
    path("<int:pk>/versions/<int:number>-to-sign.pdf", contract.version_to_sign, name="version_to_sign"),
    # monitoring
    path("findings/", monitored.findings, name="findings"),
    path("<int:pk>/findings/", monitored.findings, name="findings"),
    path("findings/<int:pk>/", monitored.finding, name="finding"),
    path("notices/<int:pk>/", monitored.notice, name="notice"),
]
