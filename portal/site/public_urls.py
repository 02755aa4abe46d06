"""Public addresses of the portal that belong to no single app."""

from django.urls import URLPattern, path

from portal.site import atom, views
from portal.site.figures import dashboard_views, map_views
from portal.site.open_api import pages as open_api
from portal.site.opendata import views as open_data
from portal.site.opendata.ocds import views as ocds
from portal.site.together import views as together
from portal.site.together import widget_views as widgets
from portal.site.webhooks import views as webhooks

app_name = "site"

urlpatterns: list[URLPattern] = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("news/feed.atom", atom.news_feed, name="news_feed"),
    path("log/feed.atom", atom.log_feed, name="log_feed"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/files/<path:path>", open_data.snapshot_file, name="open_data_file"),
    path("open-data/ocds/<str:ocid>.json", ocds.record, name="ocds_record"),
    path("open-data/ocds/<str:ocid>/releases.json", ocds.releases, name="ocds_releases"),
    path("compare/", together.compare, name="compare"),
    path("favourites/", together.favourites, name="favourites"),
    path("widget/", widgets.frame, name="widget"),
    path("embed/", widgets.embed, name="embed"),
    path("map/", map_views.needs_map, name="map"),
    path("map/table.csv", map_views.map_table, name="map_table"),
    path("map/points.json", map_views.map_points, name="map_points"),
    path("map/<str:code>/", map_views.map_hromada, name="map_hromada"),
    path("figures/", dashboard_views.figures, name="figures"),
    path("figures/ordered/", dashboard_views.ordered, name="figures_ordered"),
    path("figures/<slug:name>.csv", dashboard_views.figure_table, name="figure_table"),
    path("api/", open_api.api_page, name="api"),
    path("cabinet/webhooks/", webhooks.listed, name="webhooks"),
    path("cabinet/webhooks/<int:pk>/", webhooks.single, name="webhook"),
    path("cabinet/webhooks/<int:pk>/<slug:step>/", webhooks.step, name="webhook_step"),
]
