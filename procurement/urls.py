"""Public addresses of the social order and of competitions."""

from django.urls import URLPattern, path

from procurement.views import alerts, feeds, orders, projects, risks
from procurement.views.competitions import asking, listing, minutes, notice, page, ranking, results, sealing
from procurement.views.contracts import listing as contract_listing
from procurement.views.contracts import page as contract_pages
from procurement.views.contracts import papers as contract_papers
from procurement.views.delivery import acts as delivery_acts
from procurement.views.evaluation import commissions
from procurement.views.quality import public as quality_public
from procurement.views.quality import survey as quality_survey

app_name = "procurement"

urlpatterns: list[URLPattern] = [
    path("competitions/", listing.competition_list, name="competitions"),
    path("competitions/sealing/", sealing.sealing, name="sealing"),
    path("competitions/<str:number>/", page.competition_page, name="competition"),
    path("competitions/<str:number>/notice.pdf", notice.notice_file, name="notice"),
    path("competitions/<str:number>/ask/", asking.ask_question, name="ask"),
    path("competitions/<str:number>/versions/<int:version>/", page.version_page, name="version"),
    path("competitions/<str:number>/versions/<int:version>/notice.pdf", notice.notice_file, name="version_notice"),
    path("competitions/<str:number>/minutes.pdf", minutes.minutes_file, name="minutes_pdf"),
    path("competitions/<str:number>/rounds/<int:round>/minutes.pdf", minutes.minutes_file, name="round_minutes"),
    path("competitions/<str:number>/decisions/<int:decision>.pdf", minutes.decision_file, name="decision_pdf"),
    path("competitions/<str:number>/results/", results.results, name="results"),
    path("competitions/<str:number>/results/<int:decision>/", results.results, name="decision_results"),
    path("competitions/<str:number>/results/<int:decision>/<str:name>", results.decision_file, name="decision_file"),
    path("competitions/<str:number>/log/", results.log, name="competition_log"),
    path("competitions/<str:number>/dossier.zip", results.dossier, name="dossier"),
    path("competitions/<str:number>/scores.csv", ranking.scores_file, name="scores_file"),
    path("competitions/<str:number>/rubric.json", ranking.rubric_file, name="rubric_file"),
    path("competitions/<str:number>/ranking.csv", ranking.ranking_file, name="ranking_file"),
    path("rank.py", ranking.rank_script, name="rank_script"),
    path("competitions/feed.atom", feeds.feed, name="feed"),
    path("competitions/calendar.ics", feeds.calendar, name="calendar"),
    path("competitions/<str:number>/calendar.ics", feeds.competition_calendar, name="competition_calendar"),
    path("contracts/", contract_listing.contract_list, name="contracts"),
    path("contracts/export.csv", contract_listing.contract_table, name="contracts_csv"),
    path("contracts/<str:number>/", contract_pages.contract_page, name="contract"),
    path("contracts/<str:number>/contract.pdf", contract_papers.contract_file, name="contract_pdf"),
    path(
        "contracts/<str:number>/versions/<int:version>.pdf", contract_papers.contract_file, name="contract_version_pdf"
    ),
    path("contracts/<str:number>/acts/<int:act>.pdf", delivery_acts.public_paper, name="contract_act_pdf"),
    path("contracts/<str:number>/log/", contract_pages.contract_log, name="contract_log"),
    path("contracts/<str:number>/dossier.zip", contract_pages.dossier, name="contract_dossier"),
    path("risks/", risks.risk_list, name="risks"),
    path("quality/", quality_public.quality_list, name="quality"),
    path("quality/export.csv", quality_public.quality_csv, name="quality_csv"),
    path("quality/<int:pk>/", quality_public.evaluation_page, name="quality_evaluation"),
    path("quality/<int:pk>/evaluation.json", quality_public.evaluation_content, name="quality_json"),
    path("quality/<int:pk>/evaluation.pdf", quality_public.evaluation_file, name="quality_pdf"),
    path("survey/", quality_survey.survey, name="survey"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/projects.csv", projects.project_table, name="projects_csv"),
    path("commissions/", commissions.commissions, name="commissions"),
    path("commissions/<int:pk>/", commissions.commission_page, name="commission_page"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:code>/", orders.hromada_orders, name="hromada_orders"),
    path("alerts/", alerts.alert, name="alert"),
    path("alerts/asked/", alerts.alert_asked, name="alert_asked"),
    path("alerts/confirm/<str:token>/", alerts.alert_confirm, name="alert_confirm"),
    path("alerts/stop/<str:token>/", alerts.alert_stop, name="alert_stop"),
]
