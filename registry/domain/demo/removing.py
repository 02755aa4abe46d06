"""Taking the demonstration set out of the register, in bounded memory and a transaction for every thousand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from portal.accounts.models import Claim, Invitation, Mandate, Organisation
from portal.kernel import audit
from registry.domain.bookkeeping import next_revision, tell_entries_changed
from registry.domain.demo import state
from registry.models import (
    Application,
    ApplicationStep,
    Availability,
    Contact,
    CorrectionRequest,
    CriterionCheck,
    DraftVersion,
    EntryChange,
    EntryMerge,
    Evidence,
    Extract,
    MistakeReport,
    OutcomeProposal,
    PrivateView,
    RegisterDecision,
    RegisterEntry,
    RegisterRevision,
    Reminder,
    Service,
    ServiceAtLocation,
    Site,
    SiteAccess,
    Verification,
)
from registry.signals import demo_removing

REMOVE_TAG: Final = "registry:demo:remove"
_BLOCK: Final = 500


def remove(*, actor_role: str, now: datetime, progress: Callable[[int], object] | None = None) -> int:
    """Remove every invented entry and organisation with all their rows; return how many entries went.

    The log tells of it once, before the first row goes; a removal that was interrupted is finished by the next call.
    """
    demo_removing.send(sender=RegisterEntry)
    total = RegisterEntry.objects.filter(is_demo=True).count()
    known = state.read()
    if not known.is_being_removed:
        with transaction.atomic():
            if total:
                _log(total, actor_role, now)
            state.write_removing()
    while ids := list(RegisterEntry.objects.filter(is_demo=True).order_by("-id").values_list("id", flat=True)[:_BLOCK]):
        with transaction.atomic():
            _remove_entries(ids)
        if progress:
            progress(len(ids))
    with transaction.atomic():
        _remove_organisations(Organisation.objects.filter(is_demo=True))
        state.write_removed()
    return total


def _log(total: int, actor_role: str, now: datetime) -> None:
    audit.append(
        tag=REMOVE_TAG,
        subject="registry.demo",
        payload={"entries": total},
        actor_role=actor_role,
        at=now,
    )


def _remove_entries(ids: list[int]) -> None:
    """Delete from the leaves up; the readers of the register are told to read it anew."""
    organisations = list(RegisterEntry.objects.filter(pk__in=ids).values_list("organisation_id", flat=True))
    for through in (Service.delivery_forms.through, Service.groups.through, Service.areas.through):
        _delete(through, service__entry__in=ids)
    _delete(Availability, service__entry__in=ids)
    # evidence points at decisions, so it goes before them
    _delete(Evidence, entry__in=ids)
    _remove_applications(organisations)
    _delete(RegisterDecision, entry__in=ids)
    for about in (Verification, Reminder, Extract, MistakeReport, PrivateView):
        _delete(about, entry__in=ids)
    _delete(EntryMerge, kept__in=ids)
    _delete(EntryMerge, given_up__in=ids)
    _delete(ServiceAtLocation, service__entry__in=ids)
    _delete(SiteAccess, site__entry__in=ids)
    for model in (Service, Site, Contact, EntryChange):
        _delete(model, entry__in=ids)
    RegisterEntry.objects.filter(parent__in=ids, is_demo=True).update(parent=None)
    RegisterEntry.objects.filter(merged_into__in=ids, is_demo=True).update(merged_into=None)
    _delete(RegisterEntry, pk__in=ids)
    _remove_organisations(Organisation.objects.filter(pk__in=organisations, is_demo=True, entries=None))
    revision = next_revision()
    RegisterRevision.objects.filter(pk=1).update(rebuild_from=revision)
    tell_entries_changed(ids, revision)


def _remove_applications(organisations: list[int]) -> None:
    """Delete what invented organisations have applied for, with the decisions on it."""
    applications = list(
        Application.objects.filter(organisation__in=organisations, organisation__is_demo=True).values_list(
            "pk", flat=True
        )
    )
    RegisterDecision.objects.filter(application__in=applications).update(supersedes=None)
    _delete(RegisterDecision, application__in=applications)
    _delete(OutcomeProposal.grounds.through, outcomeproposal__application__in=applications)
    for model in (OutcomeProposal, CorrectionRequest, CriterionCheck, ApplicationStep, DraftVersion):
        _delete(model, application__in=applications)
    _delete(Application, pk__in=applications)


def _remove_organisations(organisations: Any) -> None:
    ids = list(organisations.filter(entries=None).values_list("pk", flat=True))
    _remove_applications(ids)
    for model in (Mandate, Claim, Invitation):
        model.objects.filter(organisation__in=ids).delete()
    _delete(Organisation, pk__in=ids)


def _delete(model: Any, **which: Any) -> None:
    """Delete in one statement: what hangs on these rows has gone already."""
    rows = model._default_manager.filter(**which)  # noqa: SLF001
    rows._raw_delete(rows.db)  # noqa: SLF001
