"""Who may do what at the registrar's desk; every surface asks these predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from portal.accounts import rules as accounts
from portal.accounts.enums import Role
from registry.enums import ApplicationKind, ApplicationState
from registry.models import Application, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User


@rules.predicate
def is_administrator(user: User) -> bool:
    return Role.ADMINISTRATOR in user.roles


@rules.predicate
def is_registrar(user: User) -> bool:
    return Role.REGISTRAR in user.roles


@rules.predicate
def is_approver(user: User) -> bool:
    return Role.APPROVER in user.roles


@rules.predicate
def is_auditor(user: User) -> bool:
    return Role.AUDITOR in user.roles


@rules.predicate
def is_editor(user: User) -> bool:
    return Role.EDITOR in user.roles


@rules.predicate
def has_entry_in_own_territory(user: User, entry: RegisterEntry | None) -> bool:
    """Say whether the entry lies where this official answers; without an entry, whether there is any such place."""
    if entry is None:
        return user.territory_scopes.exists()
    return RegisterEntry.objects.visible_to(user).filter(pk=entry.pk).exists()


@rules.predicate
def has_application_in_own_territory(user: User, application: Application | None) -> bool:
    """Say whether the application is examined where this official answers; without one, whether he answers at all."""
    if application is None:
        return user.territory_scopes.exists()
    return Application.objects.visible_to(user).filter(pk=application.pk).exists()


@rules.predicate
def is_active_official(user: User) -> bool:
    return user.is_authenticated and user.is_active


@rules.predicate
def can_draft_application(user: User, application: Application | None) -> bool:
    """Say whether the person may write in what the provider asks; a registrar's own initiative is nobody's draft."""
    if application is None or application.kind == ApplicationKind.INITIATIVE:
        return False
    organisation = application.organisation
    return accounts.can_edit_for(user, organisation) or (
        application.created_by_id == user.pk and accounts.has_made_organisation(user, organisation)
    )


@rules.predicate
def can_submit_application(user: User, application: Application | None) -> bool:
    """Say whether the person may speak for the provider, or has claimed to: then the mandate is judged together."""
    if application is None or application.kind == ApplicationKind.INITIATIVE:
        return False
    organisation = application.organisation
    return accounts.can_sign_for(user, organisation) or (
        application.created_by_id == user.pk and accounts.has_made_to_sign(user, organisation)
    )


@rules.predicate
def can_withdraw_application(user: User, application: Application | None) -> bool:
    """Say whether the person may take it back: a draft whoever may write in it, the rest who may submit."""
    draft = application is not None and application.state == ApplicationState.DRAFT
    return (can_draft_application if draft else can_submit_application)(user, application)


can_view_private_entry = is_active_official & (
    is_administrator | is_auditor | ((is_registrar | is_approver) & has_entry_in_own_territory)
)
can_edit_entry = is_active_official & (is_administrator | (is_registrar & has_entry_in_own_territory))
can_decide_entry = is_active_official & (is_administrator | (is_approver & has_entry_in_own_territory))
can_view_application = is_active_official & (
    is_administrator | is_auditor | ((is_registrar | is_approver) & has_application_in_own_territory)
)
can_examine_application = is_active_official & (is_administrator | (is_registrar & has_application_in_own_territory))
can_decide_application = is_active_official & (is_administrator | (is_approver & has_application_in_own_territory))
can_view_entries = is_active_official & (is_administrator | is_auditor | is_registrar | is_approver)
# whose territory a claim belongs to, `registry.queries.applications.claims_for` knows
can_view_claims = is_active_official & (is_administrator | is_auditor | is_registrar)
can_create_entry = is_active_official & (is_administrator | is_registrar)
can_import_providers = is_active_official & (is_administrator | is_registrar)
can_view_imports = is_active_official & (is_administrator | is_registrar | is_approver | is_auditor)
can_edit_reference = is_active_official & is_administrator
can_view_reference = can_view_entries
can_view_law = is_active_official & (is_administrator | is_auditor)
can_view_log = is_active_official & (is_administrator | is_auditor)

rules.add_perm("registry.view_private_entry", can_view_private_entry)
rules.add_perm("registry.edit_entry", can_edit_entry)
rules.add_perm("registry.decide_entry", can_decide_entry)
rules.add_perm("registry.draft_application", can_draft_application)
rules.add_perm("registry.submit_application", can_submit_application)
rules.add_perm("registry.view_application", can_view_application)
rules.add_perm("registry.examine_application", can_examine_application)
rules.add_perm("registry.decide_application", can_decide_application)
rules.add_perm("registry.view_entries", can_view_entries)
rules.add_perm("registry.view_claims", can_view_claims)
rules.add_perm("registry.create_entry", can_create_entry)
rules.add_perm("registry.view_imports", can_view_imports)
rules.add_perm("registry.import_providers", can_import_providers)
rules.add_perm("registry.edit_reference", can_edit_reference)
rules.add_perm("registry.view_reference", can_view_reference)
rules.add_perm("registry.view_law", can_view_law)
rules.add_perm("registry.view_log", can_view_log)
