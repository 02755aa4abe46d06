"""Answers that come in from a page of a proposal: saved field by field, faults beside their fields, files taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.kernel import clock
from portal.kernel.document_types import DocumentRefused
from portal.kernel.workflow import StepRefused
from procurement.domain.forms.proposal_forms import Section
from procurement.domain.proposals.drafts import Conflict, Saved, attach_document, save_proposal
from procurement.interfaces.proposal_conflicts import disagreements
from procurement.interfaces.proposal_reading import Draft, open_draft, patch_of, typed_of
from procurement.interfaces.proposal_sheet import Base
from procurement.models import Proposal
from procurement.views.proposals.access import MovedOnError, page, signed_in
from registry.interfaces.application_reading import read_base, read_number


@dataclass(slots=True)
class Kept:
    """What became of a page: the faults by path, the contested fields, and what the page may say it began with."""

    draft: Draft
    base: Base
    typed: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not self.errors and not self.conflicts


def keep(request: HttpRequest, draft: Draft, section: Section) -> Kept:
    """Save what is well formed of a page, take its files in, drop the row or document that was to go."""
    kept = Kept(draft, read_base(request.POST.get("base", "")))
    version = read_number(request.POST.get("version"))
    typed = typed_of(section, request.POST)
    kept.typed = {path: raw for path, (_field, raw) in typed.items()}
    patch = patch_of(typed, {path: value for path, (_version, value) in kept.base.items()})
    patch |= _dropped(section, request.POST.get("drop", ""), typed)
    for base_version, part in _by_version(kept.base, version, patch):
        _note(kept, save(request, draft.proposal, base_version, part), part)
    for path in [path for path in request.FILES if _is_document(section, path)]:
        _take_file(request, kept, path, version)
    draft.proposal.refresh_from_db(fields=["draft", "draft_key", "draft_version", "saved_at"])
    fresh = open_draft(draft.proposal)
    if fresh is None:
        raise MovedOnError
    kept.draft = fresh
    return kept


def save(request: HttpRequest, proposal: Proposal, version: int, patch: dict[str, Any]) -> Saved:
    return save_proposal(
        proposal_id=proposal.pk, user=signed_in(request), base_version=version, patch=patch, now=clock.moment()
    )


def _dropped(section: Section, place: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the patch that takes a row of a table, or a document, out."""
    if _is_document(section, place):
        return {place: None}
    return {path: None for path in typed if place and path.startswith(f"{place}/")}


def _is_document(section: Section, path: str) -> bool:
    return any(one.path == path and one.kind == "document" for one in section.fields)


def _by_version(base: Base, version: int, patch: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the values apart by the version that their fields were read at, the oldest first."""
    apart: dict[int, dict[str, Any]] = {}
    for path, value in patch.items():
        apart.setdefault(base.get(path, (version, None))[0], {})[path] = value
    return sorted(apart.items())


def _note(kept: Kept, saved: Saved, patch: Mapping[str, Any]) -> None:
    kept.errors |= saved.refused
    kept.conflicts += saved.conflicts
    left = {conflict.path for conflict in saved.conflicts} | set(saved.refused)
    kept.base |= {path: (saved.version, saved.content.get(path)) for path in patch if path not in left}


def _take_file(request: HttpRequest, kept: Kept, path: str, version: int) -> None:
    file: Any = request.FILES[path]
    try:
        _key, saved = attach_document(
            proposal_id=kept.draft.proposal.pk,
            user=signed_in(request),
            path=path,
            file=file,
            base_version=kept.base.get(path, (version, None))[0],
            now=clock.moment(),
        )
    except DocumentRefused as error:
        kept.errors[path] = str(error.reason)
    except StepRefused as error:
        kept.errors[path] = str(error.reason)
    else:
        _note(kept, saved, {path: None})


def ask_which(request: HttpRequest, draft: Draft, conflicts: Sequence[Conflict], *, onward: str) -> HttpResponse:
    """Show both versions of every contested field and ask which stays."""
    context = {"draft": draft, "contested": disagreements(draft, conflicts), "onward": onward}
    return page(request, "cabinet/proposals/conflicts.html", draft.proposal, status=409, **context)


def safe_onward(request: HttpRequest, fallback: str) -> str:
    """Return where the page asked to go next, if that is a page of this portal."""
    wanted = request.POST.get("next", "")
    allowed = {request.get_host()}
    # what is no path would be looked up among the names of pages
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed, require_https=request.is_secure()):
        return wanted
    return fallback
