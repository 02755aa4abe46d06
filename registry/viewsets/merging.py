"""Two cards of one organisation at the desk: found, compared, proposed by a registrar, decided by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from portal.kernel.audit import PersonalDataRefused
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain import merging
from registry.domain.desk import SamePartTwiceError, StaleEntryError
from registry.enums import MergeState, Standing
from registry.interfaces.desk_forms import TWICE
from registry.interfaces.desk_merge import MergeForm, MergeReasonForm, MergeStartForm, effects_of
from registry.models import EntryMerge, RegisterEntry
from registry.viewsets.frame import Crumb, DeskIndexMixin, desk_page, editable_entry, entry_crumbs
from registry.viewsets.log import MomentColumn
from registry.viewsets.menu import guarded_menu_item

if TYPE_CHECKING:
    from portal.accounts.models import User


def merges_for(user: User) -> QuerySet[EntryMerge]:
    """Return the mergings of which this official may read both cards."""
    entries = RegisterEntry.objects.visible_to(user)
    cards = [f"{side}__{name}" for side in ("kept", "given_up") for name in ("organisation", "hromada", "oblast")]
    found = EntryMerge.objects.filter(kept__in=entries, given_up__in=entries)
    return found.select_related(*cards, "proposed_by", "closed_by")


class MergeIndexView(DeskIndexMixin, generic.IndexView):
    model = EntryMerge
    page_title = gettext_lazy("Merging of cards")
    header_icon = "link"
    index_url_name = "desk_merges:index"
    index_results_url_name = "desk_merges:index_results"
    any_permission_required = ("view",)
    no_results_message = gettext_lazy(
        "No merging has been proposed yet. "
        "To propose one, open one of the two cards and choose “Merge with another card”."
    )
    default_ordering = "-proposed_at"
    paginate_by = 30

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "kept",
                label=_("Card that stays"),
                accessor=lambda merge: f"№ {merge.kept.number} {merge.kept.organisation}",
                get_url=lambda merge: reverse("desk_merges:merge", args=[merge.pk]),
            ),
            Column(
                "given_up",
                label=_("Card that is given up"),
                accessor=lambda merge: f"№ {merge.given_up.number} {merge.given_up.organisation}",
            ),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("proposed_by", label=_("Who")),
            MomentColumn("proposed_at", label=_("When")),
        ]

    def get_base_queryset(self) -> QuerySet[EntryMerge]:
        return merges_for(self.request.user)


def start_merge(request: HttpRequest, number: str) -> HttpResponse:
    """Ask which other card is of the same organisation, and which of the two stays."""
    entry = editable_entry(request, number)
    form = MergeStartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["number"]
        if not rules.can_edit_entry(request.user, other):
            form.add_error("number", _("That card lies outside your territory. An administrator can propose it."))
        elif reason := merging.unlikeness(entry, other):
            form.add_error("number", reason)
        else:
            pair = (entry, other) if form.cleaned_data["stays"] == "this" else (other, entry)
            return redirect("desk_entries:merge_with", *(one.number for one in pair))
    return desk_page(
        request,
        "desk/merge_start.html",
        title=_("Merge with another card"),
        icon="link",
        crumbs=entry_crumbs(entry),
        entry=entry,
        form=form,
    )


def propose_merge(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Show both cards side by side and take the proposal; nothing changes before another person decides."""
    kept, given_up = editable_entry(request, number), editable_entry(request, other)
    if Standing.EXCLUDED in (kept.standing, given_up.standing) or kept.pk == given_up.pk:
        raise Http404
    form = MergeForm(request.POST if request.method == "POST" else None, kept=kept, given_up=given_up)
    if request.method == "POST" and form.is_valid() and (merge := _proposed(request, kept, given_up, form)):
        return redirect("desk_merges:merge", merge.pk)
    return desk_page(
        request,
        "desk/merge_propose.html",
        title=_("Two cards side by side"),
        icon="link",
        crumbs=entry_crumbs(kept),
        kept=kept,
        given_up=given_up,
        people=given_up.organisation.mandates.standing(timezone.localdate()).count(),  # type: ignore[attr-defined]
        form=form,
        beside=form.beside,
    )


def _proposed(request: HttpRequest, kept: RegisterEntry, given_up: RegisterEntry, form: MergeForm) -> EntryMerge | None:
    values = form.cleaned_data
    try:
        merge = merging.propose_merge(
            kept_id=kept.pk,
            given_up_id=given_up.pk,
            versions=(values["kept_version"], values["given_up_version"]),
            taken=form.taken(),
            ground=values["ground"],
            user=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except StaleEntryError as error:
        form.data = form.data.copy()
        form.data.update({"kept_version": kept.version, "given_up_version": given_up.version})
        form.add_error(None, _("Card № %(number)s was changed meanwhile. Look again.") % {"number": error.entry.number})
    except (StepRefused, PersonalDataRefused) as error:
        form.add_error(None, str(getattr(error, "reason", error)))
    else:
        messages.success(request, _("The merging is proposed. Another person decides."))
        return merge
    return None


def merge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is proposed or was decided; the buttons are for who may press them."""
    merge = _visible_merge(request, pk)
    form = MergeReasonForm(request.POST if request.POST.get("step") == "refuse" else None)
    fault = _taken(request, merge, form) if request.method == "POST" else None
    if request.method == "POST" and fault is None:
        return redirect("desk_merges:merge", pk)
    waits = merge.state == MergeState.PROPOSED
    decides = rules.can_decide_entry(request.user, merge.kept) and rules.can_decide_entry(request.user, merge.given_up)
    own = merge.proposed_by_id == request.user.pk
    return desk_page(
        request,
        "desk/merge.html",
        title=_("Merging of cards"),
        icon="link",
        crumbs=_crumbs(),
        merge=merge,
        beside=effects_of(merge) if waits else None,
        own=own and waits,
        can_decide=waits and decides and not own,
        fault=fault,
        form=form,
    )


def _visible_merge(request: HttpRequest, pk: int) -> EntryMerge:
    """Return the merging this official may read; to others it does not exist."""
    if not rules.can_view_entries(request.user):
        raise PermissionDenied
    merge = merges_for(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if merge is None:
        raise Http404
    return merge


def _taken(request: HttpRequest, merge: EntryMerge, form: MergeReasonForm) -> str | None:
    """Take the step that was pressed; return why it was not taken, or None when it was."""
    told: dict[str, Any] = {"merge_id": merge.pk, "user": request.user, "now": timezone.now()}
    try:
        match request.POST.get("step"):
            case "decide":
                merging.decide_merge(**told)
                messages.success(request, _("The two cards are one now."))
            case "refuse" if form.is_valid():
                merging.refuse_merge(**told, reason=form.cleaned_data["reason"])
                messages.success(request, _("The proposal is refused."))
            case "withdraw":
                merging.withdraw_merge(**told)
                messages.success(request, _("The proposal is withdrawn."))
            case _:
                return ""
    except StepRefused as refusal:
        return str(refusal.reason)
    except SamePartTwiceError as error:
        return str(TWICE[error.part])
    return None


def _crumbs() -> list[Crumb]:
    return [(_("Merging of cards"), reverse("desk_merges:index"))]


class MergeViewSet(ViewSet):
    name = "desk_merges"
    url_prefix = "merges"
    icon = "link"
    menu_label = gettext_lazy("Merging of cards")
    menu_name = "merges"
    menu_order = 116
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_entries)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", MergeIndexView.as_view(), name="index"),
            path("results/", MergeIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", merge_page, name="merge"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse("desk_merges:index")
