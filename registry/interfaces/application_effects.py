"""What a step with an application would do, said before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.models.reference import in_force_on
from portal.kernel.norms import DAY_FORMAT
from registry.enums import Outcome
from registry.interfaces.application_desk import ServiceChecks, checklist_of, standing_of
from registry.models import Application, Ground, OutcomeProposal, RegisterPolicy

_NEW_CARD: Final = gettext_lazy("The provider gets a new number in the register, and its card becomes public.")
_EFFECTS: Final[Mapping[str, tuple[Any, ...]]] = {
    Outcome.INCLUDE: (_NEW_CARD, gettext_lazy("All the services below enter the register.")),
    Outcome.INCLUDE_SOME: (_NEW_CARD, gettext_lazy("Only the services marked “enters” enter the register.")),
    Outcome.AMEND: (gettext_lazy("The public card changes as shown below."),),
    Outcome.RETURN: (
        gettext_lazy("Nothing changes in the register. The provider may correct the application and submit it again."),
    ),
    Outcome.REFUSE: (gettext_lazy("Nothing changes in the register."),),
    Outcome.EXCLUDE: (
        gettext_lazy("The entry is excluded: the card stays readable with the ground, the services leave the search."),
        gettext_lazy("There is no way back; the number is never given again."),
    ),
    Outcome.SUSPEND: (gettext_lazy("The entry is suspended: the card stays public with the mark and the ground."),),
    Outcome.RESTORE: (gettext_lazy("The entry is restored: the provider comes back to the usual list."),),
}
# what the button that decides says
VERBS: Final[Mapping[str, Any]] = {
    Outcome.INCLUDE: gettext_lazy("Include in the register"),
    Outcome.INCLUDE_SOME: gettext_lazy("Include with these services"),
    Outcome.AMEND: gettext_lazy("Enter the changes"),
    Outcome.RETURN: gettext_lazy("Return for revision"),
    Outcome.REFUSE: gettext_lazy("Refuse"),
    Outcome.EXCLUDE: gettext_lazy("Exclude from the register"),
    Outcome.SUSPEND: gettext_lazy("Suspend"),
    Outcome.RESTORE: gettext_lazy("Restore"),
}


@dataclass(frozen=True, slots=True)
class CorrectionTerms:
    """How often a correction may still be asked for, and until when it would have to be made."""

    left: int
    due_on: date | None


def correction_terms(application: Application, today: date) -> CorrectionTerms:
    """Return what the policy of the application's profile says about corrections, as of today."""
    policy = RegisterPolicy.objects.filter(profile=application.profile_id).first() or RegisterPolicy()
    due_on = today + timedelta(days=policy.correction_days) if policy.correction_days else None
    return CorrectionTerms(max(policy.corrections - application.corrections.count(), 0), due_on)


def grounds_for(outcome: str, on: date) -> list[Ground]:
    """Return the grounds in force on the day for an outcome."""
    return list(Ground.objects.filter(in_force_on(on, "valid_from", "valid_to"), outcome=outcome))


def services_of_proposal(application: Application, proposal: OutcomeProposal) -> list[tuple[ServiceChecks, bool]]:
    """Return each service with whether the proposal takes it into the register."""
    takes_all = proposal.outcome in Outcome.granting
    return [(block, takes_all or block.key in proposal.services) for block in checklist_of(application)]


def effects_of(application: Application, proposal: OutcomeProposal, today: date) -> list[str]:
    """Say in sentences what the decision will do; nothing else happens."""
    said = [str(sentence) for sentence in _EFFECTS[proposal.outcome]]
    if proposal.suspend_until:
        said.append(_("The suspension ends on %(day)s.") % {"day": date_format(proposal.suspend_until, DAY_FORMAT)})
    includes = proposal.outcome in (Outcome.INCLUDE, Outcome.INCLUDE_SOME)
    if includes and standing_of(application, today).claim is not None:
        said.append(_("The submitter's claim is confirmed: from now on this person speaks for the provider."))
    said.append(_("The decision gets a number, a verification code and a place in the decision log."))
    said.append(_("The people of the provider get a letter."))
    return said
