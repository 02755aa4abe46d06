"""Addresses of the official who follows contracts, below `/cabinet/contracting/`."""

from django.urls import URLPattern, path

from procurement.views.contract_desks import auditor, official, risks
from procurement.views.contracting import drafting, ending, hub, signing, starting
from procurement.views.contracting import templates as contract_templates
from procurement.views.delivery import acts, budget_lines, milestones, payments, reports
from procurement.views.monitoring import findings, planning, visiting

app_name = "contracting"

urlpatterns: list[URLPattern] = [
    # desks
    path("", official.home, name="home"),
    path("audit/", auditor.audit, name="audit"),
    path("risks/<int:pk>/", risks.official_risk, name="risk"),
    # delivery and money
    path("contracts/<int:pk>/milestones/", milestones.milestones, name="milestones"),
    path("contracts/<int:pk>/milestones/new/", milestones.milestone_new, name="milestone_new"),
    path("milestones/<int:milestone_id>/", milestones.milestone, name="milestone"),
    path("milestones/<int:milestone_id>/remove/", milestones.milestone_remove, name="milestone_remove"),
    path("contracts/<int:pk>/reports/", reports.reports, name="reports"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("contracts/<int:pk>/acts/", acts.acts, name="acts"),
    path("acts/<int:act_id>/", acts.act, name="act"),
    path("acts/<int:act_id>/correct/", acts.correct, name="act_correct"),
    path("acts/<int:act_id>/act.pdf", acts.paper, name="act_pdf"),
    path("contracts/<int:pk>/payments/", payments.payments, name="payments"),
    path("contracts/<int:pk>/payments/<int:payment>/undo/", payments.undo, name="payment_undo"),
    path("acts/<int:act_id>/pay/", payments.pay, name="pay"),
    path("budget-lines/", budget_lines.budget_lines, name="budget_lines"),
    path("budget-lines/new/", budget_lines.budget_line_new, name="budget_line_new"),
    path("budget-lines/<int:pk>/", budget_lines.budget_line, name="budget_line"),
    # one contract: made, filled in, offered, signed, amended, ended
    path("contracts/", starting.contracts, name="contracts"),
    path("contracts/start/", starting.start, name="start"),
    path("contracts/start/direct/", starting.direct, name="direct"),
    path("contracts/start/award/<int:award>/", starting.of_award, name="of_award"),
    path("contracts/<int:pk>/", hub.contract, name="contract"),
    path("contracts/<int:pk>/terms/", drafting.terms, name="draft"),
    path("contracts/<int:pk>/services/", drafting.lines, name="lines"),
    path("contracts/<int:pk>/services/new/", drafting.line, name="line_new"),
    path("contracts/<int:pk>/services/<int:number>/", drafting.line, name="line"),
    path("contracts/<int:pk>/services/<int:number>/remove/", drafting.line_remove, name="line_remove"),
    path("contracts/<int:pk>/funding/", drafting.funding, name="funding"),
    path("contracts/<int:pk>/text/", drafting.text, name="text"),
    path("contracts/<int:pk>/offer/", signing.offer_page, name="offer"),
    path("contracts/<int:pk>/sign/", signing.sign_page, name="sign"),
    path("contracts/<int:pk>/amend/", drafting.amend, name="amend"),
    path("contracts/<int:pk>/suspend/", ending.suspend, name="suspend"),
    path("contracts/<int:pk>/resume/", ending.resume, name="resume"),
    path("contracts/<int:pk>/terminate/", ending.terminate, name="terminate"),
    path("contracts/<int:pk>/close/", ending.close, name="close"),
    path("contracts/<int:pk>/fail/", ending.fail, name="fail"),
    path("contracts/<int:pk>/versions/<int:number>.pdf", signing.version_pdf, name="version_pdf"),
    path("contracts/<int:pk>/versions/<int:number>-to-sign.pdf", signing.version_to_sign, name="version_to_sign"),
    path("templates/", contract_templates.templates, name="templates"),
    path("templates/<int:pk>/", contract_templates.template, name="template"),
    # monitoring
    path("plan/", planning.plan, name="plan"),
    path("visits/", planning.visits, name="visits"),
    path("contracts/<int:pk>/visits/", planning.visits, name="visits"),
    path("contracts/<int:pk>/visits/new/", planning.visit_new, name="visit_new"),
    path("visits/<int:pk>/", planning.visit, name="visit"),
    path("visits/<int:pk>/move/", planning.visit_move, name="visit_move"),
    path("visits/<int:pk>/cancel/", planning.visit_cancel, name="visit_cancel"),
    path("visits/<int:pk>/checklist/", planning.visit_checklist, name="visit_checklist"),
    path("visits/<int:pk>/form/", visiting.visit_form, name="visit_form"),
    path("visits/<int:pk>/state/", visiting.visit_state, name="visit_state"),
    path("visits/<int:pk>/send/", visiting.visit_send, name="visit_send"),
    path("visits/<int:pk>/conclude/", visiting.conclude, name="conclude"),
    path("visit-worker.js", visiting.visit_worker, name="visit_worker"),
    path("findings/", findings.findings, name="findings"),
    path("contracts/<int:pk>/findings/", findings.findings, name="findings"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("notices/", findings.notices, name="notices"),
    path("contracts/<int:pk>/notices/", findings.notices, name="notices"),
    path("contracts/<int:pk>/notices/new/", findings.notice_new, name="notice_new"),
    path("notices/<int:pk>/", findings.notice, name="notice"),
]
