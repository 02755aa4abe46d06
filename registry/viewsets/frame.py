"""The frame of a desk page: title, way back, buttons; and the checks that stand before a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.search import SearchForm

from registry import rules
from registry.models import RegisterEntry

View = Callable[..., HttpResponse]
Crumb = tuple[str, str]


def desk_page(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    icon: str = "",
    crumbs: Sequence[Crumb] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page of the desk inside Wagtail's furniture; `crumbs` are (label, address) between home and here."""
    way = [{"url": reverse("wagtailadmin_home"), "label": _("Desk")}]
    way += [{"url": url, "label": label} for label, url in crumbs]
    way.append({"url": "", "label": title})
    furniture = {"page_title": title, "header_title": title, "header_icon": icon, "breadcrumbs_items": way}
    response = render(request, template, {**furniture, **context}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


class DeskIndexMixin:
    """What every list of the desk says in its search field, and when it is empty."""

    no_results_message = gettext_lazy("Nothing is found.")

    def get_search_form(self) -> SearchForm | None:
        if not self.is_searchable:  # type: ignore[attr-defined]
            return None
        data = self.request.GET if "q" in self.request.GET else None  # type: ignore[attr-defined]
        return SearchForm(data, placeholder=_("Find…"))


def requires(predicate: Callable[..., bool]) -> Callable[[View], View]:
    """Let only those in for whom the predicate of `registry.rules` holds."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not predicate(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def visible_entry(request: HttpRequest, number: str) -> RegisterEntry:
    """Return the entry this official may read; to others it does not exist at the desk."""
    if not rules.can_view_entries(request.user):
        raise PermissionDenied
    entries = RegisterEntry.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "organisation", "parent__organisation", "territory", "hromada", "oblast"
    )
    entry = entries.filter(number=number).first()
    if entry is None:
        raise Http404
    return entry


def editable_entry(request: HttpRequest, number: str) -> RegisterEntry:
    entry = visible_entry(request, number)
    if not rules.can_edit_entry(request.user, entry):
        raise PermissionDenied
    return entry


def entry_crumbs(entry: RegisterEntry) -> list[Crumb]:
    return [
        (_("Providers"), reverse("desk_entries:index")),
        (entry.number, reverse("desk_entries:entry", args=[entry.number])),
    ]
