"""Changing an entry at the desk: each page shows one part, asks the ground, and hands a change to the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import PersonType, Role
from registry import rules
from registry.domain.desk import (
    Change,
    StaleEntryError,
    actor_for,
    change_entry,
    create_entry,
    current_record,
    record_private_view,
    remove_site,
)
from registry.domain.identify import CodeTakenError, correct_code
from registry.domain.records import ProviderRecord
from registry.enums import Standing
from registry.interfaces.desk_entry_forms import CodeForm, NewEntryForm
from registry.interfaces.desk_forms import (
    REFUSALS,
    ContactForm,
    GroundedForm,
    OrganisationForm,
    PartForm,
    RemovalForm,
)
from registry.interfaces.desk_service_forms import ServiceForm
from registry.interfaces.desk_site_forms import SiteForm
from registry.models import Contact, RegisterEntry, Service, Site
from registry.viewsets.frame import desk_page, editable_entry, entry_crumbs, requires

PARTS: Final[dict[str, tuple[Any, type[PartForm], Any, Any]]] = {
    "sites": (Site, SiteForm, gettext_lazy("Address"), gettext_lazy("New address")),
    "contacts": (Contact, ContactForm, gettext_lazy("Contact"), gettext_lazy("New contact")),
    "services": (Service, ServiceForm, gettext_lazy("Service"), gettext_lazy("New service")),
}


@requires(rules.can_create_entry)
def add_entry(request: HttpRequest) -> HttpResponse:
    """Bring a provider into the register."""
    form = NewEntryForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            entry = create_entry(
                record=form.provider(),
                actor=actor_for(request.user, Role.REGISTRAR),  # type: ignore[arg-type]
                ground=form.cleaned_data["ground"],
                now=timezone.now(),
            )
        except REFUSALS as error:
            form.refuse(error)
        else:
            messages.success(request, _("The provider is in the register: № %(number)s.") % {"number": entry.number})
            return redirect("desk_entries:entry", entry.number)
    crumbs = [(_("Providers"), reverse("desk_entries:index"))]
    return desk_page(request, "desk/edit.html", title=_("New provider"), icon="plus", crumbs=crumbs, form=form)


def edit_organisation(request: HttpRequest, number: str) -> HttpResponse:
    entry = editable_entry(request, number)
    return _edit(request, entry, OrganisationForm, None, _("Organisation and card"))


def edit_code(request: HttpRequest, number: str) -> HttpResponse:
    """Enter or correct the code by which a legal entity is known everywhere."""
    entry = editable_entry(request, number)
    if entry.organisation.person_type != PersonType.LEGAL_ENTITY or entry.standing == Standing.EXCLUDED:
        raise Http404
    form = CodeForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid() and _identified(request, entry, form):
        return redirect("desk_entries:entry", entry.number)
    crumbs = entry_crumbs(entry)
    return desk_page(request, "desk/edit.html", title=_("EDRPOU"), icon="edit", crumbs=crumbs, entry=entry, form=form)


def _identified(request: HttpRequest, entry: RegisterEntry, form: CodeForm) -> bool:
    values = form.cleaned_data
    actor = actor_for(request.user, Role.REGISTRAR)  # type: ignore[arg-type]
    told = {name: values[name] for name in ("version", "code", "ground")}
    try:
        correct_code(entry_id=entry.pk, actor=actor, now=timezone.now(), **told)
    except StaleEntryError as error:
        form.tell_stale(error)
        return False
    except CodeTakenError:
        form.add_error("code", _("Another organisation has this code."))
        return False
    messages.success(request, _("Saved."))
    return True


def add_part(request: HttpRequest, number: str, part: str) -> HttpResponse:
    entry = editable_entry(request, number)
    _model, form_class, _title, new_title = _part(part)
    return _edit(request, entry, form_class, None, str(new_title))


def edit_part(request: HttpRequest, number: str, part: str, pk: int) -> HttpResponse:
    """Change one part; looking at a private one leaves a trace, as opening it on the card does."""
    entry = editable_entry(request, number)
    model, form_class, title, _new_title = _part(part)
    position = _position(model, entry, pk)
    if position is None and request.method != "POST":
        raise Http404
    record = current_record(entry)
    told = None if position is None else getattr(record, part)[position]
    private = getattr(told, "confidential", False) or getattr(told, "private", False) or not entry.is_open
    if private and told and part != "services" and request.method != "POST":
        record_private_view(entry=entry, user=request.user, what=[f"{part} {pk}"], now=timezone.now())
    remove = reverse("desk_entries:remove_part", args=[number, part, pk])
    return _edit(request, entry, form_class, position, str(title), remove_url=remove)


def remove_part(request: HttpRequest, number: str, part: str, pk: int) -> HttpResponse:
    entry = editable_entry(request, number)
    model, _form_class, title, _new_title = _part(part)
    position = _position(model, entry, pk)
    if position is None:
        raise Http404
    form = RemovalForm(request.POST if request.method == "POST" else None, entry=entry)

    def take_out(record: ProviderRecord) -> None:
        if part == "sites":
            remove_site(record, position)
        else:
            del getattr(record, part)[position]

    if request.method == "POST" and form.is_valid() and _saved(request, entry, form, take_out):
        return redirect("desk_entries:entry", entry.number)
    return desk_page(
        request,
        "desk/remove.html",
        title=_("Remove"),
        icon="bin",
        crumbs=entry_crumbs(entry),
        entry=entry,
        what=title,
        form=form,
    )


def _edit(
    request: HttpRequest,
    entry: RegisterEntry,
    form_class: type[PartForm],
    position: int | None,
    title: str,
    **context: Any,
) -> HttpResponse:
    form = form_class(
        request.POST if request.method == "POST" else None,
        entry=entry,
        record=current_record(entry),
        position=position,
    )
    if request.method == "POST" and form.is_valid() and _saved(request, entry, form, form.apply):
        return redirect("desk_entries:entry", entry.number)
    return desk_page(
        request,
        "desk/edit.html",
        title=title,
        icon="edit",
        crumbs=entry_crumbs(entry),
        entry=entry,
        form=form,
        last_change=entry.changes.select_related("by").first(),
        **context,
    )


def _saved(request: HttpRequest, entry: RegisterEntry, form: GroundedForm, change: Change) -> bool:
    """Change the entry and say so, or put the reason why not into the form."""
    try:
        outcome = change_entry(
            entry_id=entry.pk,
            version=form.cleaned_data["version"],
            change=change,
            actor=actor_for(request.user, Role.REGISTRAR),  # type: ignore[arg-type]
            ground=form.cleaned_data["ground"],
            now=timezone.now(),
        )
    except StaleEntryError as error:
        form.tell_stale(error)
        return False
    except REFUSALS as error:
        form.refuse(error)
        return False
    done: Callable[..., None] = messages.success if outcome.kind == "changed" else messages.info
    done(request, _("Saved.") if outcome.kind == "changed" else _("Nothing was changed: the values are the same."))
    return True


def _part(name: str) -> tuple[Any, type[PartForm], Any, Any]:
    if name not in PARTS:
        raise Http404
    return PARTS[name]


def _position(model: Any, entry: RegisterEntry, pk: int) -> int | None:
    """Return the place of a part in the record, which keeps the order of keys; None when it is gone."""
    keys = list(model.objects.filter(entry=entry).order_by("pk").values_list("pk", flat=True))
    return keys.index(pk) if pk in keys else None
