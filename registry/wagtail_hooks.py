"""What the register adds to the Wagtail admin: its lists and forms, its first page, its place in the search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from registry.viewsets.policies import register_policies

register_policies()

from registry.viewsets.applications import ApplicationViewSet  # noqa: E402 Wagtail asks policies before views exist
from registry.viewsets.catalogue import ReferenceGroup  # noqa: E402
from registry.viewsets.claims import ClaimViewSet  # noqa: E402
from registry.viewsets.entitlement import PaymentGroup  # noqa: E402
from registry.viewsets.entries import EntrySearchArea, EntryViewSet  # noqa: E402
from registry.viewsets.home import desk_panels  # noqa: E402
from registry.viewsets.imports import ImportViewSet  # noqa: E402
from registry.viewsets.law import LawGroup  # noqa: E402
from registry.viewsets.log import LogViewSet  # noqa: E402
from registry.viewsets.merging import MergeViewSet  # noqa: E402
from registry.viewsets.mistakes import MistakeViewSet  # noqa: E402
from registry.viewsets.users import forbid_bulk_roles  # noqa: E402

hooks.register("before_bulk_action", forbid_bulk_roles)


@hooks.register("register_admin_viewset")
def register_desk() -> list[Any]:
    return [
        ApplicationViewSet(),
        ClaimViewSet(),
        EntryViewSet(),
        MistakeViewSet(),
        MergeViewSet(),
        ImportViewSet(),
        ReferenceGroup(),
        PaymentGroup(),
        LawGroup(),
        LogViewSet(),
    ]


@hooks.register("register_admin_search_area")
def register_search() -> EntrySearchArea:
    return EntrySearchArea()


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Put the desk's panels first; Wagtail's own stay for those who keep pages."""
    panels[:0] = desk_panels(request.user)
