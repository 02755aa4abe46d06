"""Head and branches at the desk: a registrar says of which entry this one is a branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from registry.domain.branches import set_head
from registry.domain.desk import StaleEntryError, actor_for
from registry.enums import Standing
from registry.interfaces.desk_entry_forms import HeadForm
from registry.interfaces.desk_forms import REFUSALS
from registry.models import RegisterEntry
from registry.viewsets.frame import desk_page, editable_entry, entry_crumbs


def edit_head(request: HttpRequest, number: str) -> HttpResponse:
    """Set, change or remove the head organisation of the entry."""
    entry = editable_entry(request, number)
    if entry.standing == Standing.EXCLUDED:
        raise Http404
    form = HeadForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid() and _said(request, entry, form):
        return redirect("desk_entries:entry", entry.number)
    title, crumbs = _("Head organisation"), entry_crumbs(entry)
    return desk_page(request, "desk/edit.html", title=title, icon="edit", crumbs=crumbs, entry=entry, form=form)


def _said(request: HttpRequest, entry: RegisterEntry, form: HeadForm) -> bool:
    told = {name: form.cleaned_data[name] for name in ("version", "head_number", "ground")}
    actor = actor_for(request.user, Role.REGISTRAR)  # type: ignore[arg-type]
    try:
        set_head(entry_id=entry.pk, actor=actor, now=timezone.now(), **told)
    except StaleEntryError as error:
        form.tell_stale(error)
        return False
    except REFUSALS as error:
        form.refuse(error)
        return False
    messages.success(request, _("Saved."))
    return True
