"""The admin under the portal's own name: our colours, our mark, and no menu items that lead nowhere for the role."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from portal.site.models import GuideIndexPage, HomePage, HotLine, NewsIndexPage, Notice

# Wagtail's own furniture that nobody here works with
UNUSED = {"help", "collections", "locales", "whats-new", "editor-guide", "snippets"}
PANELS_OF_PAGES = {
    "workflow_objects_to_moderate",
    "user_objects_in_workflow_moderation",
    "recent_edits",
    "locked_pages",
}


@hooks.register("insert_global_admin_css")
def desk_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/desk/desk.css"))


class RowsMenuItem(MenuItem):
    """A way to the list of a model, for those who may write in it."""

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        self._model = model
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(policy_registry.get_by_type(self._model).user_has_any_permission(request.user, ["add", "change"]))


@hooks.register("register_admin_menu_item")
def hot_lines_item() -> RowsMenuItem:
    address = reverse(HotLine.snippet_viewset.get_url_name("list"))
    return RowsMenuItem(HotLine, _("Hot lines"), address, "hot-lines", icon_name="help", order=210)


@hooks.register("register_admin_menu_item")
def notices_item() -> RowsMenuItem:
    address = reverse(Notice.snippet_viewset.get_url_name("list"))
    return RowsMenuItem(Notice, _("Notices"), address, "notices", icon_name="warning", order=211)


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


class PagesPanel(Component):
    """What an editor keeps: front pages, lists of guides and of news in each language, the emergency numbers."""

    name, order = "desk_pages", 50
    template_name = "desk/panels/pages.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        del parent_context
        return {
            "pages": HomePage.objects.select_related("locale").order_by("pk"),
            "lists": Page.objects.type(GuideIndexPage, NewsIndexPage).select_related("locale").order_by("path"),
            "hot_lines": HotLine.objects.all(),
            "notices_url": reverse(Notice.snippet_viewset.get_url_name("list")),
            "hot_lines_url": reverse(HotLine.snippet_viewset.get_url_name("list")),
        }


@hooks.register("construct_homepage_panels", order=100)
def add_pages_panel(request: HttpRequest, panels: list[Any]) -> None:
    if user_has_any_page_permission(request.user):
        panels.append(PagesPanel())


@hooks.register("construct_homepage_panels", order=900)
def leave_out_panels(request: HttpRequest, panels: list[Any]) -> None:
    if not user_has_any_page_permission(request.user):
        panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in PANELS_OF_PAGES]


@hooks.register("construct_homepage_summary_items", order=900)
def leave_out_summary(request: HttpRequest, items: list[Any]) -> None:
    """Drop the counts of pages, pictures and files, which say nothing about the register."""
    del request
    items.clear()
