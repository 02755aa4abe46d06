"""The list of providers at the desk: an official sees the own territory, administrators and auditors see all."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.admin.widgets.button import HeaderButton

from portal.accounts.enums import OwnershipForm
from registry import rules
from registry.enums import Standing
from registry.models import RegisterEntry, Service, Territory
from registry.queries.desk import find_entries, unconfirmed
from registry.viewsets import branches, confirming, entry_edits, entry_pages, merging
from registry.viewsets.frame import DeskIndexMixin
from registry.viewsets.menu import guarded_menu_item


class EntryFilterSet(WagtailFilterSet):
    oblast = django_filters.ModelChoiceFilter(queryset=Territory.objects.oblasts(), label=_("Oblast"))
    standing = django_filters.ChoiceFilter(choices=Standing.choices, label=_("Standing"))
    ownership = django_filters.ChoiceFilter(
        field_name="organisation__ownership_form", choices=OwnershipForm.choices, label=_("Ownership form")
    )
    confirmed = django_filters.BooleanFilter(
        method="filter_confirmed", label=_("Confirmed within a year"), widget=BooleanRadioSelect
    )
    with_services = django_filters.BooleanFilter(
        method="filter_services", label=_("Services entered"), widget=BooleanRadioSelect
    )
    demo = django_filters.BooleanFilter(field_name="is_demo", label=_("Demonstration"), widget=BooleanRadioSelect)

    class Meta:
        model = RegisterEntry
        fields: list[str] = []

    def filter_confirmed(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        condition = unconfirmed(timezone.localdate())
        return queryset.exclude(condition) if value else queryset.filter(condition)

    def filter_services(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        condition = Q(pk__in=Service.objects.values("entry"))
        return queryset.filter(condition) if value else queryset.exclude(condition)


class StandingColumn(Column):
    cell_template_name = "desk/cells/standing.html"


def place_of(entry: RegisterEntry) -> str:
    return ", ".join(unit.label for unit in (entry.hromada, entry.oblast) if unit)


class EntryIndexView(DeskIndexMixin, generic.IndexView):
    """Registrars find an entry by name, number or ЄДРПОУ; nobody meets a provider of another territory here."""

    model = RegisterEntry
    page_title = _("Providers")
    header_icon = "group"
    index_url_name = "desk_entries:index"
    index_results_url_name = "desk_entries:index_results"
    add_url_name = "desk_entries:add"
    is_searchable = True
    show_other_searches = False
    filterset_class = EntryFilterSet
    default_ordering = "number"
    paginate_by = 30

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "name",
                label=_("Name"),
                accessor=lambda entry: entry.organisation.name,
                get_url=lambda entry: reverse("desk_entries:entry", args=[entry.number]),
                sort_key="sort_key",
            ),
            Column("number", label=_("Number"), sort_key="number", classname="desk-nowrap"),
            Column("place", label=_("Seated in"), accessor=place_of),
            StandingColumn("standing", label=_("Standing"), sort_key="standing"),
            Column("service_count", label=_("Services"), sort_key="service_count", classname="desk-count"),
            DateColumn("verified_on", label=_("Confirmed"), sort_key="verified_on"),
        ]

    def get_base_queryset(self) -> QuerySet[RegisterEntry]:
        counted = (
            Service.objects.filter(entry=OuterRef("pk")).order_by().values("entry").annotate(n=Count("pk")).values("n")
        )
        entries = RegisterEntry.objects.visible_to(self.request.user)
        return entries.select_related("organisation", "hromada", "oblast").annotate(
            service_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        )

    def search_queryset(self, queryset: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry]:
        return find_entries(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def add_button(self) -> HeaderButton:
        return HeaderButton(_("New provider"), url=self.add_url, icon_name="plus")


class EntryViewSet(ViewSet):
    name = "desk_entries"
    url_prefix = "providers"
    icon = "group"
    menu_label = _("Providers")
    menu_name = "providers"
    menu_order = 110
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_entries)

    def get_urlpatterns(self) -> list[Any]:
        one = "<str:number>"
        return [
            path("", EntryIndexView.as_view(), name="index"),
            path("results/", EntryIndexView.as_view(results_only=True), name="index_results"),
            path("new/", entry_edits.add_entry, name="add"),
            path("places/", entry_pages.suggest_places, name="places"),
            path(f"{one}/", entry_pages.entry_page, name="entry"),
            path(f"{one}/history/", entry_pages.entry_history, name="history"),
            path(f"{one}/organisation/", entry_edits.edit_organisation, name="edit"),
            path(f"{one}/organisation/code/", entry_edits.edit_code, name="edit_code"),
            path(f"{one}/head/", branches.edit_head, name="edit_head"),
            path(f"{one}/merge/", merging.start_merge, name="merge"),
            path(f"{one}/merge/<str:other>/", merging.propose_merge, name="merge_with"),
            path(f"{one}/<str:part>/new/", entry_edits.add_part, name="add_part"),
            path(f"{one}/<str:part>/<int:pk>/", entry_edits.edit_part, name="edit_part"),
            path(f"{one}/<str:part>/<int:pk>/remove/", entry_edits.remove_part, name="remove_part"),
            path(f"{one}/confirm/", confirming.confirm, name="confirm"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse("desk_entries:index")


class EntrySearchArea(SearchArea):
    """Wagtail's own search page offers the providers too, to those who may read them."""

    def __init__(self) -> None:
        super().__init__(_("Providers"), reverse("desk_entries:index"), name="providers", icon_name="group", order=50)

    def is_shown(self, request: Any) -> bool:
        return bool(rules.can_view_entries(request.user))
