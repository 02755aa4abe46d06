"""What is missing or wrong in an application, part by part; `registry.domain.draft_problems` says what is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.accounts.enums import LegalForm, PersonType
from registry.domain.contents import Content, keys_of, part_of
from registry.domain.draft_criteria import criteria_by_service, criteria_in_force
from registry.domain.draft_readers import FieldFault, contact_value
from registry.domain.rebasing import changed_paths
from registry.enums import ApplicationKind, AreaKind, ContactKind, PriceMode, UnitCategory
from registry.models import Application, Criterion, ServiceType, Territory

PARTS: Final = ("organisation", "sites", "contacts", "services", "criteria", "consents", "exclusion")
# which units an area of each kind is made of
_AREA_UNITS: Final = {
    AreaKind.HROMADAS.value: {UnitCategory.HROMADA.value, UnitCategory.SPECIAL_CITY.value},
    AreaKind.RAION.value: {UnitCategory.RAION.value},
    AreaKind.OBLAST.value: {UnitCategory.OBLAST.value, UnitCategory.SPECIAL_CITY.value},
}
_PAID: Final = frozenset({PriceMode.TARIFF.value, PriceMode.DIFFERENTIATED.value})
_REACHED_BY: Final = frozenset({ContactKind.PHONE.value, ContactKind.EMAIL.value, ContactKind.WEBSITE.value})
_ORGANISATION_ASKED: Final[dict[str, Callable[[], str]]] = {
    "name": lambda: _("Write the name of the organisation."),
    "person_type": lambda: _("Choose the kind of person."),
    "legal_form": lambda: _("Choose the legal form."),
    "ownership_form": lambda: _("Choose the ownership form."),
    "sector": lambda: _("Choose the sector."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an application from being submitted: the field, the part of the task list it is in, and why."""

    path: str
    part: str
    text: str
    # nothing stands there yet, as against something wrong
    missing: bool = True


class Judged:
    """What of an application is judged: everything, or what the changed paths touch."""

    def __init__(self, changed: Iterable[str] | None) -> None:
        self.everything = changed is None
        paths = [path.split("/") for path in changed or ()]
        self._parts = {words[0] for words in paths}
        self._items = {(words[0], "/".join(words[1:end])) for words in paths for end in (2, 3) if len(words) > end}

    def part(self, name: str) -> bool:
        return self.everything or name in self._parts

    def item(self, part: str, key: str) -> bool:
        return self.everything or (part, key) in self._items


@dataclass(slots=True)
class Check:
    """One application under judgment; every method adds what it finds to `problems`."""

    application: Application
    day: date
    prefilled: Content
    problems: list[Problem] = field(default_factory=list)

    @property
    def content(self) -> Content:
        content: Content = self.application.content
        return content

    def blame(self, path: str, text: str, *, missing: bool = True) -> None:
        part = path.partition("/")[0]
        known = "organisation" if part == "about" else part if part in PARTS else "submit"
        self.problems.append(Problem(path, known, text, missing))

    def card(self) -> None:
        changed: list[str] | None = None
        if self.application.kind == ApplicationKind.AMENDMENT:
            changed = changed_paths(self.prefilled, self.content)
            if not changed:
                self.blame("", _("Nothing differs from what the register says."))
        judged = Judged(changed)
        if judged.part("organisation"):
            self.organisation()
        if judged.part("sites"):
            self.sites([key for key in keys_of(self.content, "sites") if judged.item("sites", key)])
        if judged.part("contacts"):
            self.contacts([key for key in keys_of(self.content, "contacts") if judged.item("contacts", key)])
        if judged.part("services"):
            self.services([key for key in keys_of(self.content, "services") if judged.item("services", key)])
        if judged.part("services") or judged.part("criteria"):
            self.criteria(judged)

    # --- the organisation ------------------------------------------------------------------------------------------

    def organisation(self) -> None:
        values = {name: self.content.get(f"organisation/{name}") for name in _ORGANISATION_ASKED}
        for name, value in values.items():
            if not value:
                self.blame(f"organisation/{name}", _ORGANISATION_ASKED[name]())
        person, form = values["person_type"], values["legal_form"]
        known_by = self.application.organisation
        if (known_by.code and person not in (None, PersonType.LEGAL_ENTITY)) or (
            known_by.rnokpp and person not in (None, PersonType.SOLE_PROPRIETOR)
        ):
            self.blame(
                "organisation/person_type", _("This does not agree with the code of the organisation."), missing=False
            )
        if person and form and (person == PersonType.SOLE_PROPRIETOR) != (form == LegalForm.SOLE_PROPRIETOR):
            self.blame(
                "organisation/legal_form", _("A sole proprietor, and nobody else, has this legal form."), missing=False
            )
        if person == PersonType.NATURAL_PERSON or form in LegalForm.carers:
            self.blame("organisation/person_type", _("Natural persons giving care do not apply here."), missing=False)

    # --- addresses and contacts ------------------------------------------------------------------------------------

    def sites(self, judged: list[str]) -> None:
        if not keys_of(self.content, "sites"):
            self.blame("sites", _("Add at least one address."))
        for key in judged:
            site = part_of(self.content, "sites", key)
            if not site.get("territory"):
                self.blame(f"sites/{key}/territory", _("Address %(key)s: pick the settlement.") % {"key": key})
            if not site.get("street") and not site.get("confidential"):
                self.blame(f"sites/{key}/street", _("Address %(key)s: write the street.") % {"key": key})
            if ("latitude" in site) != ("longitude" in site):
                lacking = "longitude" if "latitude" in site else "latitude"
                text = _("Address %(key)s: latitude and longitude go together.") % {"key": key}
                self.blame(f"sites/{key}/{lacking}", text)
        self._told_twice("sites", ("kind", "territory", "street", "building", "room", "label"), "street")

    def contacts(self, judged: list[str]) -> None:
        everything = [part_of(self.content, "contacts", key) for key in keys_of(self.content, "contacts")]
        if not any(one.get("kind") in _REACHED_BY and not one.get("private") for one in everything):
            self.blame("contacts", _("Add at least one phone, e-mail or website that everybody may see."))
        for key in judged:
            contact = part_of(self.content, "contacts", key)
            if not contact.get("kind"):
                self.blame(f"contacts/{key}/kind", _("Contact %(key)s: choose what it is.") % {"key": key})
            if not contact.get("value"):
                self.blame(f"contacts/{key}/value", _("Contact %(key)s: write it.") % {"key": key})
            else:
                self._read_contact(key, contact)
        self._told_twice("contacts", ("kind", "value"), "value")

    def _read_contact(self, key: str, contact: dict[str, Any]) -> None:
        try:
            contact_value(contact.get("kind", ""), contact["value"])
        except FieldFault as fault:
            self.blame(f"contacts/{key}/value", str(fault), missing=False)

    def _told_twice(self, part: str, names: tuple[str, ...], blamed: str) -> None:
        seen: set[tuple[str, ...]] = set()
        for key in keys_of(self.content, part):
            values = part_of(self.content, part, key)
            told = tuple(str(values.get(name, "")).casefold() for name in names)
            if told in seen and values.get(blamed):
                self.blame(f"{part}/{key}/{blamed}", _("This is told twice."), missing=False)
            seen.add(told)

    # --- services --------------------------------------------------------------------------------------------------

    def services(self, judged: list[str]) -> None:
        if not keys_of(self.content, "services"):
            self.blame("services", _("Add at least one service."))
        services = {key: part_of(self.content, "services", key) for key in judged}
        codes = {code for service in services.values() for code in service.get("areas", ())}
        rows = Territory.objects.filter(code__in=codes).values_list("code", "category") if codes else ()
        categories = dict(rows)
        names = _service_names(self.content)
        for key, service in services.items():
            self._service(f"services/{key}", names[key], service)
            self._price(f"services/{key}", names[key], service)
            self._area(f"services/{key}", names[key], service, categories)
        self._told_twice("services", ("service_type", "title"), "service_type")

    def _service(self, path: str, name: str, service: dict[str, Any]) -> None:
        if not service.get("service_type"):
            self.blame(f"{path}/service_type", _("%(service)s: choose it from the catalogue.") % {"service": name})
        if not service.get("content"):
            self.blame(f"{path}/content", _("%(service)s: tell what is done.") % {"service": name})
        if not service.get("groups"):
            self.blame(f"{path}/groups", _("%(service)s: choose for whom it is.") % {"service": name})
        if ("capacity" in service) != ("capacity_on" in service):
            lacking = "capacity_on" if "capacity" in service else "capacity"
            text = _("%(service)s: places and the date they were counted go together.") % {"service": name}
            self.blame(f"{path}/{lacking}", text)

    def _price(self, path: str, name: str, service: dict[str, Any]) -> None:
        mode, price, unit = service.get("price_mode"), service.get("price"), service.get("price_unit")
        if not mode:
            self.blame(f"{path}/price_mode", _("%(service)s: choose who pays.") % {"service": name})
        elif mode not in _PAID and price is not None:
            text = _("%(service)s: a free service has no tariff.") % {"service": name}
            self.blame(f"{path}/price", text, missing=False)
        elif mode in _PAID:
            if price is None and (mode == PriceMode.TARIFF or unit):
                self.blame(f"{path}/price", _("%(service)s: enter the sum of the tariff.") % {"service": name})
            if not unit and (mode == PriceMode.TARIFF or price is not None):
                self.blame(f"{path}/price_unit", _("%(service)s: choose what the tariff is for.") % {"service": name})

    def _area(self, path: str, name: str, service: dict[str, Any], categories: dict[str, str]) -> None:
        kind, areas = service.get("area_kind"), service.get("areas", ())
        wanted = _AREA_UNITS.get(kind or "")
        if not kind:
            self.blame(f"{path}/area_kind", _("%(service)s: choose the area served.") % {"service": name})
        elif wanted and not areas:
            self.blame(f"{path}/areas", _("%(service)s: name the territories.") % {"service": name})
        elif wanted and any(categories.get(code) not in wanted for code in areas):
            text = _("%(service)s: each territory must be of the kind chosen above.") % {"service": name}
            self.blame(f"{path}/areas", text, missing=False)

    # --- criteria, consents, exclusion -----------------------------------------------------------------------------

    def criteria(self, judged: Judged) -> None:
        in_force = criteria_in_force(self.day)
        applied = criteria_by_service(self.content, in_force)
        before = {} if judged.everything else criteria_by_service(self.prefilled, in_force)
        names = _service_names(self.content)
        for key, criteria in applied.items():
            known = {criterion.slug for criterion in before.get(key, ())}
            for criterion in criteria:
                path = f"criteria/{key}/{criterion.slug}"
                if criterion.slug not in known or judged.item("criteria", f"{key}/{criterion.slug}"):
                    self._criterion(path, f"{names[key]}: {criterion.text}", criterion)

    def _criterion(self, path: str, name: str, criterion: Criterion) -> None:
        told = {word: self.content.get(f"{path}/{word}") for word in ("statement", "document", "expires_on")}
        if not told["statement"]:
            self.blame(f"{path}/statement", _("%(criterion)s Tell how it is met.") % {"criterion": name})
        if criterion.evidence_required and not told["document"]:
            self.blame(f"{path}/document", _("%(criterion)s Add the document.") % {"criterion": name})
        if criterion.evidence_expires and told["document"]:
            if not told["expires_on"]:
                self.blame(
                    f"{path}/expires_on", _("%(criterion)s Write the last day of the document.") % {"criterion": name}
                )
            elif date.fromisoformat(told["expires_on"]) < self.day:
                text = _("%(criterion)s The document has ended.") % {"criterion": name}
                self.blame(f"{path}/expires_on", text, missing=False)

    def consents(self) -> None:
        if not self.content.get("consents/personal_data"):
            self.blame("consents/personal_data", _("Agree to the processing of personal data."))
        if not self.content.get("consents/accuracy"):
            self.blame("consents/accuracy", _("Confirm that the data are true."))

    def exclusion(self) -> None:
        if not self.content.get("exclusion/reason"):
            self.blame("exclusion/reason", _("Tell why you leave the register."))


def _service_names(content: Content) -> dict[str, str]:
    """Return what people call each service of the content: its own name, else the catalogue's."""
    services = {key: part_of(content, "services", key) for key in keys_of(content, "services")}
    kinds = ServiceType.objects.in_bulk(
        {service["service_type"] for service in services.values() if service.get("service_type")}, field_name="slug"
    )
    return {
        key: service.get("title")
        or str(kinds.get(service.get("service_type", ""), _("Service %(key)s") % {"key": key}))
        for key, service in services.items()
    }
