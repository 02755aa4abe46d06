"""What the social order adds to the Wagtail admin: the way to the desk of the official who orders services."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from procurement import rules


class OrderingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(rules.is_commissioning_official(request.user))


@hooks.register("register_admin_menu_item")
def ordering_item() -> OrderingMenuItem:
    return OrderingMenuItem(
        _("Ordering services"), reverse_lazy("commissioning:home"), name="ordering", icon_name="tasks", order=150
    )
