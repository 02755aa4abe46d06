"""Addresses of the search."""

from django.urls import path

from search.views import search, unmet

app_name = "search"

urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/outlines.json", search.outlines, name="outlines"),
    path("search/missing/", unmet.unmet_need, name="unmet"),
    path("search/missing/thanks/", unmet.unmet_thanks, name="unmet_thanks"),
]
