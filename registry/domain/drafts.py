"""Drafts of applications: begun with what the register knows, saved field by field, exported and read back.

The content of an application is flat, path → value; the paths are the names of the form's own fields:

    organisation/{name,short_name,person_type,legal_form,ownership_form,sector,head}
    about/about
    sites/<key>/{kind,label,territory,postal_index,street,building,room,latitude,longitude,hours,confidential}
    sites/<key>/access/<feature slug>        true, false; absent is unknown
    contacts/<key>/{kind,value,note,private}
    services/<key>/{service_type,title,content,conditions,price_mode,price,price_unit,price_on,capacity,capacity_on,
                    urgent,meets_standard,area_kind,areas,delivery_forms,groups,at_sites,hours}
    criteria/<service key>/<criterion slug>/{statement,document,expires_on}
    consents/{personal_data,accuracy}
    exclusion/{reason,from}
    <part>/<key>/row                          the stored part that this is a new word about; never set by a person
    <part>/<key>/removed                      true: the part goes away

Keys are `1`, `2`, … within a part and never reused. Territories are codes, service types, groups, forms and access
features are slugs, money is text with a point, days are ISO dates, sets are sorted lists, `at_sites` lists keys of
sites, `document` is the identifier of a stored file, `head` is the register number of a branch's head organisation.
An empty value removes the path, and so does a flag that is off or an answer that says "not stated".

`draft_fields` has the table of fields, `draft_saving` what a save does, `draft_checks` what is missing or wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import rules as accounts
from portal.accounts.enums import LegalForm, PersonType
from portal.accounts.models import Organisation
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.contents import ORGANISATION, Content, content_of, is_empty
from registry.domain.draft_checks import Problem
from registry.domain.draft_fields import CARERS
from registry.domain.draft_files import attach_document, export_draft, import_draft
from registry.domain.draft_problems import PartState, criteria_of, parts_of, problems_of
from registry.domain.draft_saving import Conflict, Patch, Saved, lock_draft, open_correction, save_draft
from registry.domain.rebasing import prefilled_of, rebase
from registry.enums import ApplicationKind, ApplicationState, Outcome, Standing
from registry.models import Application, DraftVersion, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "Conflict",
    "PartState",
    "Patch",
    "Problem",
    "Saved",
    "attach_document",
    "criteria_of",
    "export_draft",
    "import_draft",
    "lock_draft",
    "new_key",
    "open_correction",
    "parts_of",
    "problems_of",
    "require_possible",
    "save_draft",
    "start_application",
]


@transaction.atomic
def start_application(*, user: User, organisation_id: int, kind: str, now: datetime) -> Application:
    """Return the organisation's draft of this kind, begun now from what the register knows if there is none.

    After a decision `return` the new draft holds what the returned application held. Raises `StepRefused` without a
    right to write for the organisation, for an inclusion of what is included, for an amendment or exclusion of what is
    not, and for natural-person carers, whose section of the register is closed (decree 99).
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    if not accounts.can_draft_for(user, organisation):
        raise StepRefused(_("You have no right to write for this organisation."))
    entry = active_entry_of(organisation)
    require_possible(organisation, kind, entry)
    draft = organisation.applications.filter(kind=kind, state=ApplicationState.DRAFT).first()
    if draft is not None:
        if not rules.can_draft_application(user, draft):
            raise StepRefused(_("Another person has begun this application. Wait for the decision on your claim."))
        return draft
    _refuse_repetition(organisation, kind)
    first, then = _beginning(user, organisation, kind, entry)
    application = Application.objects.create(
        kind=kind,
        organisation=organisation,
        entry=entry,
        entry_version=entry.version if entry else None,
        content=then if then is not None else first,
        version=1 if then is None else 2,
        created_by=user,
        created_at=now,
        saved_at=now,
    )
    patches = [first] if then is None else [first, _step(first, then)]
    for version, patch in enumerate(patches, 1):
        DraftVersion.objects.create(application=application, version=version, at=now, by=user, patch=patch)
    return application


def active_entry_of(organisation: Organisation) -> RegisterEntry | None:
    """Return the organisation's place in the register, unless it was excluded."""
    rows = RegisterEntry.objects.select_related("organisation", "parent")
    return rows.filter(organisation=organisation, standing__in=Standing.active).first()


def require_possible(organisation: Organisation, kind: str, entry: RegisterEntry | None) -> None:
    """Raise `StepRefused` when an application of this kind makes no sense for the organisation as it stands."""
    if organisation.person_type == PersonType.NATURAL_PERSON or organisation.legal_form in LegalForm.carers:
        raise StepRefused(CARERS)
    if kind not in (ApplicationKind.INCLUSION, ApplicationKind.AMENDMENT, ApplicationKind.EXCLUSION):
        raise StepRefused(_("Only the registrar opens a case of this kind."))
    if kind == ApplicationKind.INCLUSION and entry is not None:
        raise StepRefused(_("The organisation is in the register already. Apply for a change of its data instead."))
    if kind != ApplicationKind.INCLUSION and entry is None:
        raise StepRefused(_("The organisation is not in the register, so there is nothing to change or to exclude."))


def _refuse_repetition(organisation: Organisation, kind: str) -> None:
    """Refuse to ask twice for what is asked already; amendments may follow one another."""
    if kind == ApplicationKind.AMENDMENT:
        return
    asked = organisation.applications.pending().filter(kind=kind).first()
    if asked is not None:
        raise StepRefused(
            _("Such an application is under way already: № %(number)s.") % {"number": asked.number or asked.pk}
        )


def _beginning(
    user: User, organisation: Organisation, kind: str, entry: RegisterEntry | None
) -> tuple[Content, Content | None]:
    """Return what a draft begins with, and what it says after the changes of a returned amendment, if there is one."""
    returned = _returned(organisation, kind)
    if returned is not None and not rules.can_draft_application(user, returned):
        returned = None
    if kind == ApplicationKind.AMENDMENT and entry is not None:
        current = content_of(entry)
        if returned is None:
            return current, None
        mine = _without_consents(returned.content)
        return current, rebase(base=prefilled_of(returned), mine=mine, current=current).content
    if returned is not None:
        return _without_consents(returned.content), None
    return (_known_of(user, organisation) if kind == ApplicationKind.INCLUSION else {}), None


def _returned(organisation: Organisation, kind: str) -> Application | None:
    """Return the last decided application of the kind, if it was returned for revision."""
    decided = organisation.applications.filter(kind=kind, state=ApplicationState.DECIDED).select_related("decision")
    last = decided.order_by("-closed_at").first()
    decision = getattr(last, "decision", None)
    return last if decision is not None and decision.outcome == Outcome.RETURN else None


def _known_of(user: User, organisation: Organisation) -> Content:
    """Return what is known of an organisation outside the register; an old card only to those with a mandate."""
    old = RegisterEntry.objects.select_related("organisation", "parent").filter(organisation=organisation)
    last = old.order_by("-excluded_on", "-pk").first() if accounts.can_edit_for(user, organisation) else None
    if last is not None:
        return {path: value for path, value in content_of(last).items() if not path.endswith("/row")}
    content = {f"organisation/{name}": getattr(organisation, name) for name in ORGANISATION}
    # what stands there because nobody chose it
    if organisation.legal_form == LegalForm.OTHER:
        del content["organisation/legal_form"]
    return {path: value for path, value in content.items() if not is_empty(path, value)}


def _without_consents(content: Content) -> Content:
    """Consents are given anew with every application."""
    return {path: value for path, value in content.items() if not path.startswith("consents/")}


def _step(before: Content, after: Content) -> Content:
    """Return the patch that leads from one content to another."""
    gone = {path: None for path in before if path not in after}
    return gone | {path: value for path, value in after.items() if before.get(path) != value}


def new_key(application: Application, part: str) -> str:
    """Return a key that no site, contact or service of this application has had."""
    patches = application.versions.order_by().values_list("patch", flat=True).iterator()
    start = f"{part}/"
    used = {path.split("/")[1] for patch in (application.content, *patches) for path in patch if path.startswith(start)}
    return str(max((int(key) for key in used), default=0) + 1)
