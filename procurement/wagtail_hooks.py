"""What the social order adds to the Wagtail admin: its tables, the way to the desk of the official who orders."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from procurement import rules
from procurement.viewsets.policies import register_policies

register_policies()

from procurement.viewsets.law import CompetitionLawGroup  # noqa: E402 Wagtail asks policies before views exist


class OrderingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(rules.is_commissioning_official(request.user))


@hooks.register("register_admin_menu_item")
def ordering_item() -> OrderingMenuItem:
    return OrderingMenuItem(
        _("Ordering services"), reverse_lazy("commissioning:home"), name="ordering", icon_name="tasks", order=150
    )


@hooks.register("register_admin_viewset")
def register_tables() -> list[Any]:
    return [CompetitionLawGroup()]
