"""The admin under the portal's own name: our colours, our mark, and no menu items that lead nowhere for the role."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission

# Wagtail's own furniture that nobody here works with
UNUSED = {"help", "workflows", "workflow-tasks", "collections", "locales", "whats-new", "editor-guide"}
PANELS_OF_PAGES = {
    "workflow_objects_to_moderate",
    "user_objects_in_workflow_moderation",
    "recent_edits",
    "locked_pages",
}


@hooks.register("insert_global_admin_css")
def desk_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/desk/desk.css"))


@hooks.register("construct_main_menu", order=900)
@hooks.register("construct_settings_menu", order=900)
@hooks.register("construct_help_menu", order=900)
def leave_out_unused(request: HttpRequest, items: list[Any]) -> None:
    del request
    items[:] = [item for item in items if item.name not in UNUSED]


@hooks.register("construct_main_menu", order=901)
def leave_out_reports(request: HttpRequest, items: list[Any]) -> None:
    """Leave out what is about pages for those who keep none."""
    if not user_has_any_page_permission(request.user):
        items[:] = [item for item in items if item.name not in {"reports", "explorer", "images", "documents"}]


@hooks.register("construct_homepage_panels", order=900)
def leave_out_panels(request: HttpRequest, panels: list[Any]) -> None:
    if not user_has_any_page_permission(request.user):
        panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in PANELS_OF_PAGES]


@hooks.register("construct_homepage_summary_items", order=900)
def leave_out_summary(request: HttpRequest, items: list[Any]) -> None:
    """Drop the counts of pages, pictures and files, which say nothing about the register."""
    del request
    items.clear()
