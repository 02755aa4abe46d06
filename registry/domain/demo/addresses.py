"""Addresses, hours, access and contacts of invented providers."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from portal.accounts.enums import LegalForm
from registry.domain.demo.grammar import latin
from registry.domain.demo.identity import Identity, make_person
from registry.domain.demo.material import Material
from registry.domain.demo.places import Place, Settlement
from registry.domain.demo.sentences import chance
from registry.domain.demo.services import Offer
from registry.domain.records import ContactRecord, SiteRecord
from registry.enums import ContactKind, SiteKind

_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFFICE: Final = [["08:00", "12:00"], ["13:00", "17:15"]]
_FULL_DAY: Final = [["09:00", "18:00"]]
# how many keep these hours, and the hours
_HOURS: Final[tuple[tuple[int, dict[str, list[list[str]]]], ...]] = (
    (40, {**dict.fromkeys(_WEEK[:4], _OFFICE), "fri": [["08:00", "12:00"], ["13:00", "16:00"]]}),
    (25, dict.fromkeys(_WEEK[:5], _FULL_DAY)),
    (12, {**dict.fromkeys(_WEEK[:5], _FULL_DAY), "sat": [["10:00", "15:00"]]}),
    (8, {"tue": [["10:00", "18:00"]], "thu": [["10:00", "18:00"]], "sat": [["10:00", "14:00"]]}),
    (15, {}),
)
_ALL_DAY: Final = {day: [["00:00", "24:00"]] for day in _WEEK}
_LIVING_IN: Final = frozenset(
    {"residential-care", "shelter", "shelter:violence", "supported-living-homeless", "family-like-care"}
)
_ADDRESS: Final = (
    "territory_id",
    "hromada_id",
    "oblast_id",
    "postal_index",
    "street",
    "building",
    "latitude",
    "longitude",
)
_NEAR: Final = 0.012


class Addresses:
    """Makes the addresses of a provider and ties its services to them."""

    def __init__(self, material: Material) -> None:
        self._material = material

    def of(self, identity: Identity, offers: list[Offer], rng: Random) -> list[SiteRecord]:
        """Return the legal address first; services get their places among the rest."""
        place, where = identity.place, identity.place.settlement(rng)
        legal = self._site(place, where, rng, kind=SiteKind.LEGAL)
        if identity.is_carer:
            legal.confidential = True
            return [legal]
        sites = [legal]
        hides = any(offer.is_confidential for offer in offers)
        if hides and chance(rng, 0.25):  # some hide where they are registered, too
            legal.confidential = True
        open_places = rng.choices([0, 1, 2, 3], [6, 66, 21, 7])[0] if offers and not legal.confidential else 0
        sites += [self._place_of_service(legal, place, rng, number=number) for number in range(open_places)]
        if hides:
            hidden = self._site(place, place.settlement(rng), rng, kind=SiteKind.SERVICE)
            hidden.confidential, hidden.hours = True, _ALL_DAY
            sites.append(hidden)
        self._tie(sites, offers, rng)
        return sites

    def _place_of_service(self, legal: SiteRecord, place: Place, rng: Random, *, number: int) -> SiteRecord:
        labels = self._material.names["site_labels"]
        if number == 0 and chance(rng, 0.6):  # most work where they are registered
            site = SiteRecord(kind=SiteKind.SERVICE, **{name: getattr(legal, name) for name in _ADDRESS})
        else:
            site = self._site(place, place.settlement(rng), rng, kind=SiteKind.SERVICE)
        site.label = rng.choice(labels["branch" if number else "office"])
        site.hours = rng.choices([hours for _, hours in _HOURS], [share for share, _ in _HOURS])[0]
        site.access = self._access(rng)
        return site

    def _site(self, place: Place, where: Settlement, rng: Random, *, kind: SiteKind) -> SiteRecord:
        street_kind = self._material.street_kind.pick(rng)
        building = str(rng.randint(1, 140)) + rng.choice(("", "", "", "", "-А", "-Б", "/2", "/1"))
        known = where.latitude is not None and where.longitude is not None and chance(rng, 0.8)
        return SiteRecord(
            kind=kind,
            territory_id=where.pk,
            hromada_id=place.hromada_id,
            oblast_id=place.oblast_id,
            postal_index=self._postal_index(where),
            street=f"{street_kind} {rng.choice(self._material.places['streets'][street_kind])}",
            building=building,
            room=rng.choice(("", "", "", "", f"каб. {rng.randint(1, 40)}", f"оф. {rng.randint(1, 30)}")),
            latitude=round(where.latitude + rng.uniform(-_NEAR, _NEAR), 5) if known and where.latitude else None,
            longitude=round(where.longitude + rng.uniform(-_NEAR, _NEAR), 5) if known and where.longitude else None,
        )

    def _postal_index(self, where: Settlement) -> str:
        """Return an index of the oblast's range, the same one for the whole settlement."""
        heads = self._material.places["postal"].get(where.code[:4])
        if not heads:
            return ""
        number = int(where.code[-5:])
        return f"{heads[0] + number % (heads[1] - heads[0] + 1):02d}{number % 1000:03d}"

    def _access(self, rng: Random) -> dict[int, bool | None]:
        features = self._material.vocabularies.access
        if not features or chance(rng, 0.3):  # nobody has looked yet
            return {}
        chosen = rng.sample(range(len(features)), rng.randint(1, min(7, len(features))))
        return {features[one]: rng.choices([True, False, None], [55, 32, 13])[0] for one in sorted(chosen)}

    def _tie(self, sites: list[SiteRecord], offers: list[Offer], rng: Random) -> None:
        open_places = [index for index, site in enumerate(sites) if index and not site.confidential]
        hidden = [index for index, site in enumerate(sites) if site.confidential]
        for offer in offers:
            if offer.is_confidential:
                offer.record.at_sites = tuple(hidden)
            elif open_places and (offer.needs_premises or chance(rng, 0.4)):
                count = len(open_places) if chance(rng, 0.25) else 1
                offer.record.at_sites = tuple(sorted(rng.sample(open_places, count)))
            if offer.slug in _LIVING_IN:
                offer.record.hours = _ALL_DAY


def contacts_of(identity: Identity, rng: Random, material: Material) -> list[ContactRecord]:
    """Return contacts: the public ones, and the head's own phone, which is private."""
    if identity.is_carer:
        return [ContactRecord(ContactKind.PHONE, phone(rng), "", private=True)]
    names = material.names
    slug = latin(identity.person.surname if identity.person_type == "sole_proprietor" else identity.own)
    site = f"{slug}-{identity.index + 1}"
    found = [ContactRecord(ContactKind.PHONE, phone(rng), rng.choice(["", *names["phone_notes"]]))]
    if chance(rng, 0.35):
        found.append(ContactRecord(ContactKind.PHONE, phone(rng), rng.choice(names["phone_notes"])))
    if chance(rng, 0.85):
        found.append(
            ContactRecord(ContactKind.EMAIL, f"{rng.choice(('info', 'office', 'pryimalnia'))}@{site}.demo.example")
        )
    if chance(rng, 0.5):
        found.append(ContactRecord(ContactKind.WEBSITE, f"https://{site}.demo.example"))
    if identity.person_type != "sole_proprietor":
        head = make_person(rng, names)
        leads = "association" if identity.legal_form in LegalForm.civil_society else "institution"
        leads = "committee" if identity.legal_form == LegalForm.SELF_ORGANISATION_BODY else leads
        found.append(ContactRecord(ContactKind.HEAD, head.full, rng.choice(names["heads"][leads])[not head.is_man]))
    if chance(rng, 0.6):
        found.append(ContactRecord(ContactKind.PHONE, phone(rng), "особистий номер керівника", private=True))
    return found


def phone(rng: Random) -> str:
    """Return a number in the area 00, which no network serves."""
    digits: Any = f"{rng.randrange(10_000_000):07d}"
    return f"+380 00 {digits[:3]} {digits[3:5]} {digits[5:]}"
