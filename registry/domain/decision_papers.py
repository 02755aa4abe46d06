"""What a decision of the register says on paper: the facts, frozen on the day, and the code by which they are checked.

The snapshot holds what everybody may read, names in both languages where the portal has both, and nothing else:

    number, at, on, kind, application, submitted_on, outcome, reason, suspend_until, supersedes
    organisation   {name, edrpou, entry}                    no name for natural persons, whose section is closed
    hromada        the name of the territory
    grounds        [{slug, text_uk, text_en, act, point, verified}]
    services       [{key, name_uk, name_en, title, included, criteria: [{slug, text_uk, text_en, result}]}]
    proposed_by, decided_by   {name, role}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.kernel import audit, verification
from portal.kernel.calendar import day_of
from portal.kernel.models import VerificationCode
from registry.domain.contents import keys_of
from registry.domain.decision_effects import Case
from registry.enums import ApplicationKind, Outcome
from registry.models import Application, Ground, OutcomeProposal, RegisterEntry, ServiceType

if TYPE_CHECKING:
    from portal.accounts.models import User

KIND: Final = "register-decision"
_LONGEST_GROUND: Final = 500


def ground_words(number: str, application: Application, grounds: Sequence[Ground]) -> str:
    """Return the ground as the public history of an entry gives it: the decision, and what it rests on."""
    with translation.override(settings.LANGUAGE_CODE):
        if application.kind == ApplicationKind.INITIATIVE:
            said = _("Decision No. %(decision)s, case %(application)s")
        else:
            said = _("Decision No. %(decision)s on application %(application)s")
        said %= {"decision": number, "application": application.number}
    words = " ".join((f"{said}.", *(ground.text_uk for ground in grounds)))
    return words if len(words) <= _LONGEST_GROUND else f"{words[: _LONGEST_GROUND - 1]}…"


def ground_rows(grounds: Iterable[Ground]) -> list[dict[str, Any]]:
    """Return the grounds as they stood on the day, with the act that names them."""
    names = ("slug", "text_uk", "text_en", "act", "point", "verified")
    return [{name: getattr(ground, name) for name in names} for ground in grounds]


def snapshot_of(case: Case, entry: RegisterEntry | None) -> dict[str, Any]:
    """Return what the paper of this decision says; `entry` is the one that it made or touched."""
    application, proposal = case.application, case.proposal
    organisation = application.organisation
    is_person = organisation.person_type == PersonType.NATURAL_PERSON
    return {
        "number": case.number,
        "at": case.now.isoformat(),
        "on": day_of(case.now).isoformat(),
        "kind": application.kind,
        "application": application.number,
        "submitted_on": day_of(application.submitted_at).isoformat() if application.submitted_at else "",
        "outcome": proposal.outcome,
        "reason": proposal.reason,
        "suspend_until": proposal.suspend_until.isoformat() if proposal.suspend_until else "",
        "supersedes": "",
        "organisation": {
            "name": "" if is_person else organisation.name,
            "edrpou": organisation.code or "",
            "entry": entry.number if entry else "",
        },
        "hromada": application.hromada.label if application.hromada else "",
        "grounds": ground_rows(case.grounds),
        "services": _services(application, proposal),
        "proposed_by": official(proposal.by, case.specialist),
        "decided_by": official(case.by, case.actor.role),
    }


def official(user: User, role: str) -> dict[str, str]:
    """Return an official as papers name one: never the e-mail address, which `str` would fall back to."""
    return {"name": user.get_full_name(), "role": role}


def _services(application: Application, proposal: OutcomeProposal) -> list[dict[str, Any]]:
    """Return the services that were asked for, which of them are entered, and how their criteria were judged."""
    content, outcome = application.content, proposal.outcome
    with_services = application.kind in (ApplicationKind.INCLUSION, ApplicationKind.AMENDMENT)
    keys = keys_of(content, "services") if with_services else []
    entered = {Outcome.INCLUDE: keys, Outcome.AMEND: keys, Outcome.INCLUDE_SOME: proposal.services}.get(
        Outcome(outcome), []
    )
    slugs = {content.get(f"services/{key}/service_type") for key in keys}
    types = {row.slug: row for row in ServiceType.objects.filter(slug__in=slugs - {None})}
    results = defaultdict(list)
    checks = application.checks.select_related("criterion")
    for check in checks.order_by("criterion__order", "pk"):
        words = {"text_uk": check.criterion.text_uk, "text_en": check.criterion.text_en}
        results[check.service_key].append({"slug": check.criterion.slug, **words, "result": check.result})
    told = []
    for key in keys:
        slug = content.get(f"services/{key}/service_type", "")
        row = types.get(slug)
        names = {"name_uk": row.name_uk if row else slug, "name_en": row.name_en if row else ""}
        title = content.get(f"services/{key}/title", "")
        told.append({"key": key, **names, "title": title, "included": key in entered, "criteria": results[key]})
    return told


def issue_code(snapshot: dict[str, Any], now: datetime) -> VerificationCode:
    """Issue the code that is printed in the decision."""
    name = snapshot["organisation"]["name"] or snapshot["organisation"]["entry"]
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Decision No. %(number)s: %(name)s") % {"number": snapshot["number"], "name": name}
    return verification.issue(
        kind=KIND,
        subject=f"registry.decision:{snapshot['number']}",
        title=title,
        at=now,
        document_digest=audit.digest_of(snapshot),
    )
