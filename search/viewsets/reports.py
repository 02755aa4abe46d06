"""What people sought and did not find, and what they told to be missing: for editors, without the public threshold."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from registry.viewsets.frame import DeskIndexMixin
from registry.viewsets.log import DayFilter
from registry.viewsets.menu import guarded_menu_item
from search import rules
from search.enums import AskedOutcome, SynonymKind
from search.models import AskedQuery, UnmetNeed
from search.queries.asked import place_names, sought, told
from search.queries.targets import Targets, fold, open_targets

UNMET = [(outcome, label) for outcome, label in AskedOutcome.choices if outcome in AskedOutcome.unmet]
Facts = dict[str, Any]


def last_day(row: Facts) -> str:
    """Write the day; how long ago it was would pretend to know the hour."""
    return str(date_format(row["last"], "SHORT_DATE_FORMAT"))


class PeriodFilterSet(WagtailFilterSet):
    since = DayFilter(field_name="day", lookup_expr="gte", label=_("From"))
    until = DayFilter(field_name="day", lookup_expr="lte", label=_("To"))


class SoughtFilterSet(PeriodFilterSet):
    outcome = django_filters.ChoiceFilter(choices=UNMET, label=_("What it met"))

    class Meta:
        model = AskedQuery
        fields: list[str] = []


class UnmetFilterSet(PeriodFilterSet):
    class Meta:
        model = UnmetNeed
        fields: list[str] = []


class CountedIndexView(DeskIndexMixin, generic.IndexView):
    """Counted rows as plain facts; places are named in one query a page."""

    any_permission_required = ("view",)
    is_searchable = True
    paginate_by = 50
    export_headings: ClassVar[Any] = {
        "times": _("Times"),
        "last": _("Last asked"),
        "nothing": AskedOutcome.NOTHING.label,
        "relaxed": AskedOutcome.RELAXED.label,
    }

    def paginate_queryset(self, queryset: QuerySet[Any], page_size: int) -> Any:
        found = super().paginate_queryset(queryset, page_size)
        self.places = place_names({row["place"] for row in found[1]})
        return found

    def place_of(self, row: Facts) -> str:
        code: str = row["place"]
        return self.places.get(code, code)

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for word in fold(self.search_query).split():
            queryset = queryset.filter(words__contains=word)
        return queryset


class SoughtIndexView(CountedIndexView):
    """Texts lead to a new synonym for those who may make one."""

    model = AskedQuery
    page_title = _("What people sought and did not find")
    header_icon = "search"
    index_url_name = "desk_sought:index"
    index_results_url_name = "desk_sought:index_results"
    results_template_name = "desk/sought_results.html"
    filterset_class = SoughtFilterSet
    default_ordering = ("-times", "words", "place")
    list_export: ClassVar[Any] = ["words", "place", "times", "nothing", "relaxed", "last"]
    export_filename = "sought-and-not-found"

    @cached_property
    def columns(self) -> list[Column]:
        can_edit = rules.can_edit_search(self.request.user)
        add = reverse("desk_synonyms:add")
        words: Column = (
            TitleColumn(
                "words",
                label=_("Words"),
                get_url=lambda row: f"{add}?{urlencode({'phrase': row['words']})}",
                sort_key="words",
            )
            if can_edit
            else Column("words", label=_("Words"), sort_key="words")
        )
        return [
            words,
            Column("place", label=_("Place"), accessor=self.place_of),
            NumberColumn("times", label=_("Times"), sort_key="times"),
            NumberColumn("nothing", label=_("Nothing was found"), sort_key="nothing"),
            NumberColumn("relaxed", label=_("Words were left out"), sort_key="relaxed"),
            Column("last", label=_("Last asked"), accessor=last_day, sort_key="last"),
        ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return sought(AskedQuery.objects.all())


class UnmetIndexView(CountedIndexView):
    model = UnmetNeed
    page_title = _("Unmet needs")
    header_icon = "warning"
    index_url_name = "desk_unmet:index"
    index_results_url_name = "desk_unmet:index_results"
    filterset_class = UnmetFilterSet
    default_ordering = ("-times", "place", "service", "words")
    list_export: ClassVar[Any] = ["place", "service", "words", "times", "last"]
    export_filename = "unmet-needs"

    @cached_property
    def targets(self) -> Targets:
        return open_targets()

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("place", label=_("Place"), accessor=self.place_of),
            Column("service", label=_("Service"), accessor=self.service_of, sort_key="service"),
            Column("words", label=_("Words"), sort_key="words"),
            NumberColumn("times", label=_("Times"), sort_key="times"),
            Column("last", label=_("Last told"), accessor=last_day, sort_key="last"),
        ]

    def service_of(self, row: Facts) -> str:
        return self.targets.name(SynonymKind.SERVICE, row["service"])

    def get_base_queryset(self) -> QuerySet[Any]:
        return told(UnmetNeed.objects.all())


class ReportViewSet(ViewSet):
    """A report with its page and its results for a filter typed."""

    menu_item_class = guarded_menu_item(rules.can_view_search)
    view_class: type[CountedIndexView]

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.view_class.as_view(), name="index"),
            path("results/", self.view_class.as_view(results_only=True), name="index_results"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse(f"{self.name}:index")


class SoughtViewSet(ReportViewSet):
    name = "desk_sought"
    url_prefix = "search/sought"
    icon = "search"
    menu_label = _("Sought and not found")
    menu_name = "sought"
    view_class = SoughtIndexView


class UnmetViewSet(ReportViewSet):
    name = "desk_unmet"
    url_prefix = "search/unmet"
    icon = "warning"
    menu_label = _("Unmet needs")
    menu_name = "unmet"
    view_class = UnmetIndexView
