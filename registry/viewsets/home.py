"""The first page of the desk: what waits for this official, and how the register stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from portal.accounts.enums import ClaimState, Role
from portal.kernel.models import DeadlineRule, LogEntry, LogHead
from registry import rules
from registry.domain.imports import runs_of
from registry.interfaces.application_desk import WAITING_LABELS
from registry.queries.applications import claims_for, longest_waiting, waiting_counts
from registry.queries.desk import desk_figures, longest_unconfirmed


def entries_url(**chosen: str) -> str:
    return f"{reverse('desk_entries:index')}?{urlencode(chosen)}"


class FiguresPanel(Component):
    """How the entries of the own territory stand, each figure leading to its list."""

    name, order = "desk_figures", 10
    template_name = "desk/panels/figures.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        found = desk_figures(user, today=timezone.localdate())
        scopes = [scope.territory.label for scope in user.territory_scopes.select_related("territory")]
        everywhere = bool(user.roles & {Role.ADMINISTRATOR, Role.AUDITOR})
        figures = [
            (_("In the register"), found.included, entries_url(standing="included")),
            (_("Suspended"), found.suspended, entries_url(standing="suspended")),
            (_("Not confirmed within a year"), found.unverified, entries_url(confirmed="false")),
            (_("Without services"), found.without_services, entries_url(with_services="false")),
        ]
        if found.demo:
            figures.append((_("Invented for demonstration"), found.demo, entries_url(demo="true")))
        return {
            "where": _("all Ukraine") if everywhere else ", ".join(scopes),
            "no_territory": not everywhere and not scopes,
            "figures": figures,
            "can_add": rules.can_create_entry(user),
            "can_import": rules.can_import_providers(user),
            "entries": longest_unconfirmed(user, today=timezone.localdate()),
        }


class ApplicationsPanel(Component):
    """What waits for this official: applications by what is to be done with them, claims, and the oldest in full."""

    name, order = "desk_applications", 5
    template_name = "desk/panels/applications.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user, today = parent_context["request"].user, timezone.localdate()
        index = reverse("desk_applications:index")
        counted = waiting_counts(user, today)
        figures: list[tuple[Any, int, str]] = [
            (WAITING_LABELS[name], number, f"{index}?{urlencode({'waiting': name})}")
            for name, number in counted.items()
        ]
        if rules.can_view_claims(user):
            claims = claims_for(user).filter(state=ClaimState.PENDING).count()
            figures.append((_("claims of organisations"), claims, reverse("desk_claims:index")))
        return {"figures": figures, "applications": longest_waiting(user, today), "today": today}


class ImportsPanel(Component):
    """The last files that were brought to the register."""

    name, order = "desk_imports", 30
    template_name = "desk/panels/imports.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"runs": runs_of(user)[:5]}


class LogPanel(Component):
    """Where the decision log ends, and how much of the law nobody has compared yet."""

    name, order = "desk_log", 40
    template_name = "desk/panels/log.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        del parent_context
        return {
            "head": LogHead.objects.filter(pk=1).first(),
            "lines": LogEntry.objects.order_by("-seq")[:5],
            "unverified_rules": DeadlineRule.objects.filter(verified=False).count(),
            "rules": DeadlineRule.objects.count(),
            "rules_url": f"{reverse('desk_rules:index')}?verified=false",
        }


def desk_panels(user: Any) -> list[Component]:
    """Return the panels that this official has use for."""
    panels: list[Component] = []
    if rules.can_view_entries(user):
        panels += [ApplicationsPanel(), FiguresPanel()]
    if rules.can_view_imports(user):
        panels.append(ImportsPanel())
    if rules.can_view_log(user):
        panels.append(LogPanel())
    return panels
