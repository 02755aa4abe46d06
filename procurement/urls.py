"""Public addresses of the social order and of competitions."""

from django.urls import URLPattern, path

from procurement.views import alerts, feeds, orders, projects
from procurement.views.competitions import asking, listing, minutes, notice, page, ranking, results, sealing
from procurement.views.evaluation import commissions

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
