"""Whether an organisation may submit in a competition, said before it writes a word; the profile decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.accounts.enums import LegalForm, Sector
from portal.accounts.models import Organisation
from portal.kernel import norms
from portal.kernel.models import Act
from procurement.domain.calls.freezing import RuleSet, rules_of
from procurement.models import Competition
from procurement.timetable import FrozenRule
from registry.enums import Standing
from registry.models import RegisterEntry, Service

AGE: Final = "project-eligibility"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition: met, not met, or not known from the register; in words, with its citation."""

    code: str
    met: bool | None
    text: str
    citation: str = ""


def requirements_of(competition: Competition, organisation: Organisation, now: datetime) -> list[Requirement]:
    """Return every condition of the frozen policy (of the live one for a draft) with what the register knows of it."""
    del now  # the register says what is so today
    rules = rules_of(competition)
    citation = _citation(rules.policy)
    return [
        *_of_register(competition, organisation, rules, citation),
        *_of_organisation(organisation, rules.policy, citation),
        *_of_age(rules),
    ]


def may_submit(competition: Competition, organisation: Organisation, now: datetime) -> bool:
    """Say whether no condition is unmet; one that is not known does not bar, the commission judges it."""
    return all(one.met is not False for one in requirements_of(competition, organisation, now))


def _of_register(
    competition: Competition, organisation: Organisation, rules: RuleSet, citation: str
) -> Iterator[Requirement]:
    if not rules.policy["needs_register"] and not rules.policy["needs_service"]:
        return
    entry = RegisterEntry.objects.filter(organisation=organisation).exclude(standing=Standing.EXCLUDED).first()
    is_good = entry is not None and entry.standing in Standing.good
    if rules.policy["needs_register"]:
        if entry is None:
            text = _("The organisation must be in the register of providers, and it is not.")
        elif is_good:
            text = _("The organisation is in the register of providers, No. %(number)s.") % {"number": entry.number}
        else:
            text = _("The organisation must be in good standing in the register of providers, and it is suspended.")
        yield Requirement("register", is_good, text, citation)
    if rules.policy["needs_service"]:
        yield _of_service(competition, entry if is_good else None, citation)


def _of_service(competition: Competition, entry: RegisterEntry | None, citation: str) -> Requirement:
    slugs = [slug for slug in _slugs(competition) if slug]
    given = Service.objects.filter(entry=entry, service_type__slug__in=slugs) if entry else Service.objects.none()
    is_met = given.exists()
    text = (
        _("The service of a lot is among the organisation's services in the register.")
        if is_met
        else _("The service of at least one lot must be among the organisation's services in the register.")
    )
    return Requirement("service", is_met, text, citation)


def _slugs(competition: Competition) -> Iterator[str | None]:
    for lot in competition.lots.select_related("specification__service_type"):
        if lot.snapshot:
            yield lot.snapshot.get("service_slug")
        elif lot.specification and lot.specification.service_type:
            yield lot.specification.service_type.slug


def _of_organisation(organisation: Organisation, policy: Mapping[str, Any], citation: str) -> Iterator[Requirement]:
    if policy["legal_forms"]:
        form = LegalForm(organisation.legal_form)
        known = form != LegalForm.OTHER
        names = ", ".join(str(LegalForm(one).label) for one in policy["legal_forms"] if one in LegalForm.values)
        yield Requirement(
            "legal_form",
            (form in policy["legal_forms"]) if known or form in policy["legal_forms"] else None,
            _("Legal forms that may submit: %(names)s. The organisation's: %(own)s.")
            % {"names": names, "own": form.label},
            citation,
        )
    if policy["sectors"]:
        sector = Sector(organisation.sector)
        names = ", ".join(str(Sector(one).label) for one in policy["sectors"] if one in Sector.values)
        yield Requirement(
            "sector",
            None if sector == Sector.UNKNOWN else sector in policy["sectors"],
            _("Sectors that may submit: %(names)s. The organisation's: %(own)s.")
            % {"names": names, "own": sector.label},
            citation,
        )


def _of_age(rules: RuleSet) -> Iterator[Requirement]:
    """Name the condition of age: the register does not keep the day on which an organisation was registered."""
    rule: FrozenRule | None = rules.term(AGE)
    if rule is None:
        return
    text = _("The organisation must have been registered at least %(length)s ago. The register does not know the day.")
    yield Requirement("age", None, text % {"length": norms.length_of(rule)}, rule.citation)


def _citation(policy: Mapping[str, Any]) -> str:
    act = Act.objects.filter(code=policy["act"]).first() if policy["act"] else None
    return ", ".join(filter(None, (str(act) if act else policy["act"], policy["point"])))
