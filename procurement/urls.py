"""Public addresses of the social order and of competitions."""

from django.urls import URLPattern, path

from procurement.views import alerts, feeds, orders
from procurement.views.competitions import asking, listing, notice, page, sealing

app_name = "procurement"

urlpatterns: list[URLPattern] = [
    path("competitions/", listing.competition_list, name="competitions"),
    path("competitions/sealing/", sealing.sealing, name="sealing"),
    path("competitions/<str:number>/", page.competition_page, name="competition"),
    path("competitions/<str:number>/notice.pdf", notice.notice_file, name="notice"),
    path("competitions/<str:number>/ask/", asking.ask_question, name="ask"),
    path("competitions/<str:number>/versions/<int:version>/", page.version_page, name="version"),
    path("competitions/<str:number>/versions/<int:version>/notice.pdf", notice.notice_file, name="version_notice"),
    path("competitions/feed.atom", feeds.feed, name="feed"),
    path("competitions/calendar.ics", feeds.calendar, name="calendar"),
    path("competitions/<str:number>/calendar.ics", feeds.competition_calendar, name="competition_calendar"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:code>/", orders.hromada_orders, name="hromada_orders"),
    path("alerts/", alerts.alert, name="alert"),
    path("alerts/asked/", alerts.alert_asked, name="alert_asked"),
    path("alerts/confirm/<str:token>/", alerts.alert_confirm, name="alert_confirm"),
    path("alerts/stop/<str:token>/", alerts.alert_stop, name="alert_stop"),
]
