"""The place of the search in the admin's menu."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from search.viewsets.promotions import PromotionViewSet
from search.viewsets.reports import SoughtViewSet, UnmetViewSet
from search.viewsets.synonyms import SynonymViewSet


class SearchGroup(ViewSetGroup):
    menu_label = pgettext_lazy("menu", "Search")
    menu_name = "search-desk"
    menu_icon = "search"
    menu_order = 220
    items = (SynonymViewSet, PromotionViewSet, SoughtViewSet, UnmetViewSet)
