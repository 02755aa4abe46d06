"""The queue of applications at the desk: the own territory's, the oldest first, with what each one waits for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from registry import rules
from registry.enums import ApplicationKind, ApplicationState
from registry.interfaces.application_desk import WAITING_LABELS
from registry.models import Application
from registry.queries.applications import find_applications, waiting, with_queue_facts
from registry.viewsets import application_pages, application_steps
from registry.viewsets.frame import DeskIndexMixin
from registry.viewsets.menu import guarded_menu_item

STATES = [choice for choice in ApplicationState.choices if choice[0] != ApplicationState.DRAFT]


class ApplicationFilterSet(WagtailFilterSet):
    waiting = django_filters.ChoiceFilter(
        choices=list(WAITING_LABELS.items()), method="filter_waiting", label=_("What is to be done")
    )
    state = django_filters.ChoiceFilter(
        choices=[*STATES, ("all", _("all, decided ones too"))], method="filter_state", label=_("State")
    )
    kind = django_filters.ChoiceFilter(choices=ApplicationKind.choices, label=_("Kind"))

    class Meta:
        model = Application
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Show what is not decided yet, unless a state is asked for."""
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(state__in=ApplicationState.pending)
        return super().filter_queryset(queryset)

    def filter_waiting(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        condition = waiting(self.request.user, timezone.localdate()).get(value)
        return queryset.none() if condition is None else queryset.filter(condition)

    def filter_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return queryset if value == "all" else queryset.filter(state=value)


class ProviderColumn(TitleColumn):
    cell_template_name = "desk/cells/application_provider.html"


class StateColumn(Column):
    cell_template_name = "desk/cells/application_state.html"


class DueColumn(Column):
    cell_template_name = "desk/cells/application_due.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        return {**super().get_cell_context_data(instance, parent_context), "today": timezone.localdate()}


class ApplicationIndexView(DeskIndexMixin, generic.IndexView):
    """Nobody meets an application of another territory here; a draft is nobody's but the provider's."""

    model = Application
    page_title = _("Applications")
    header_icon = "doc-full-inverse"
    index_url_name = "desk_applications:index"
    index_results_url_name = "desk_applications:index_results"
    any_permission_required = ("view",)
    is_searchable = True
    show_other_searches = False
    filterset_class = ApplicationFilterSet
    default_ordering = ("submitted_at", "pk")
    paginate_by = 30

    @cached_property
    def columns(self) -> list[Column]:
        return [
            ProviderColumn(
                "provider",
                label=_("Provider"),
                accessor=lambda row: row.organisation.name,
                get_url=lambda row: reverse("desk_applications:application", args=[row.pk]),
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            StateColumn("state", label=_("State, waits for"), sort_key="state"),
            DueColumn("decision_due_on", label=_("Decision due"), sort_key="decision_due_on"),
            Column("hromada", label=_("Hromada"), accessor=lambda row: row.hromada.label if row.hromada else ""),
        ]

    def get_base_queryset(self) -> QuerySet[Application]:
        applications = Application.objects.visible_to(self.request.user)
        return with_queue_facts(applications.select_related("organisation", "hromada", "examiner", "entry"))

    def search_queryset(self, queryset: QuerySet[Application]) -> QuerySet[Application]:
        return find_applications(queryset, self.search_query) if self.is_searching else queryset


class ApplicationViewSet(ViewSet):
    name = "desk_applications"
    url_prefix = "applications"
    icon = "doc-full-inverse"
    menu_label = _("Applications")
    menu_name = "applications"
    menu_order = 100
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_entries)

    def get_urlpatterns(self) -> list[Any]:
        one = "<uuid:pk>"
        return [
            path("", ApplicationIndexView.as_view(), name="index"),
            path("results/", ApplicationIndexView.as_view(results_only=True), name="index_results"),
            path("initiative/<str:number>/", application_steps.initiative, name="initiative"),
            path(f"{one}/", application_pages.application_page, name="application"),
            path(f"{one}/criteria/<str:key>/", application_pages.check_service, name="checks"),
            path(f"{one}/take/", application_steps.take, name="take"),
            path(f"{one}/correction/", application_steps.correction, name="correction"),
            path(f"{one}/propose/", application_steps.propose, name="propose"),
            path(f"{one}/send-back/", application_steps.give_back, name="send_back"),
            path(f"{one}/decide/", application_steps.approve, name="decide"),
            path(f"{one}/correct-decision/", application_steps.correct, name="correct_decision"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse("desk_applications:index")
