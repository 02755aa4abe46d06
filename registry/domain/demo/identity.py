"""Who the invented providers are: legal form, profile, name, code; people with invented names."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from stdnum.ua import edrpou, rntrc

from portal.accounts.enums import LegalForm, PersonType
from registry.domain.demo.material import Material
from registry.domain.demo.places import Place, Places
from registry.domain.demo.sentences import chance

# forms whose organisations may have branches of their own in the register
_BRANCHING: Final = ("public_association", "charitable_foundation", "religious_organisation")
_BRANCH_SHARE: Final = 0.05
_TRIES: Final = 25
_LAST_CODE: Final = 9_999_999
_FIRST_PERSON: Final = 999_000_000


@dataclass(slots=True, frozen=True)
class Person:
    surname: str
    given: str
    patronymic: str
    is_man: bool

    @property
    def full(self) -> str:
        return f"{self.surname} {self.given} {self.patronymic}"

    @property
    def initials(self) -> str:
        return f"{self.surname} {self.given[0]}. {self.patronymic[0]}."


@dataclass(slots=True)
class Identity:
    """What is settled first about a provider, so that a branch can ask it of its head organisation."""

    index: int
    legal_form: str
    profile: str
    place: Place
    own: str
    person: Person
    head: Identity | None = None

    @property
    def is_carer(self) -> bool:
        return self.legal_form in LegalForm.carers

    @property
    def person_type(self) -> PersonType:
        if self.is_carer:
            return PersonType.NATURAL_PERSON
        return PersonType.SOLE_PROPRIETOR if self.legal_form == LegalForm.SOLE_PROPRIETOR else PersonType.LEGAL_ENTITY


def edrpou_of(index: int) -> str:
    """Return the code of the provider with this index: 99…, which the state has given to nobody."""
    head = f"{_LAST_CODE - index:07d}"
    return head + edrpou.calc_check_digit(head)


def rnokpp_of(index: int, *, is_man: bool) -> str:
    """Return a taxpayer number of somebody born in 2173; its ninth digit tells the sex, as in real ones."""
    head = f"{_FIRST_PERSON + 2 * index + is_man:09d}"
    return head + rntrc.calc_check_digit(head)


class Identities:
    """Identities by index: the same for the same seed, whatever else is generated."""

    def __init__(self, seed: int, material: Material, places: Places) -> None:
        self._seed, self._material, self._places = seed, material, places
        # the first providers show every legal form once
        self._first = [form for form in LegalForm.values if form in material.legal_forms]

    def of(self, index: int, *, heads_before: int = 0) -> Identity:
        """Return the identity; one that may be a branch looks for its head among the first `heads_before`."""
        rng = Random(f"{self._seed}:who:{index}")  # noqa: S311 nothing secret is drawn
        form = self._first[index] if index < len(self._first) else self._material.legal_form.pick(rng)
        identity = Identity(
            index=index,
            legal_form=form,
            profile=self._material.profile[form].pick(rng),
            place=self._places.pick(rng),
            own=self._own_name(rng),
            person=make_person(rng, self._material.names),
        )
        may_branch = chance(rng, _BRANCH_SHARE) and form in _BRANCHING
        if heads_before and may_branch:
            self._find_head(identity, rng, heads_before)
        return identity

    def _find_head(self, identity: Identity, rng: Random, heads_before: int) -> None:
        for _ in range(_TRIES):
            head = self.of(rng.randrange(heads_before))
            if head.legal_form == identity.legal_form and head.place.code != identity.place.code:
                identity.head, identity.profile, identity.own = head, head.profile, head.own
                return

    def _own_name(self, rng: Random) -> str:
        names = self._material.names
        if chance(rng, 0.3):  # a third have names that are one phrase
            return str(rng.choice(names["single"]))
        phrases = rng.choice(names["phrases"])
        noun, gender = rng.choice(phrases["nouns"])
        return f"{rng.choice(phrases['adjectives'])[gender]} {noun}"


def make_person(rng: Random, names: dict[str, list[str]]) -> Person:
    is_man = chance(rng, 0.3)  # most who work in social services are women
    # surnames with one form for all are the more frequent
    pairs = [(one, one) for one in names["surnames"]] if chance(rng, 0.8) else names["paired_surnames"]
    surname = rng.choice(pairs)[not is_man]
    given = rng.choice(names["men" if is_man else "women"])
    return Person(surname, given, rng.choice(names["patronymics"])[not is_man], is_man)


def name_of(identity: Identity, rng: Random, material: Material) -> tuple[str, str]:
    """Return the full and the short name as statutes write them."""
    form = material.legal_forms[identity.legal_form]
    kinds = material.profiles[identity.profile]["kinds"]
    values = {
        "own": identity.own,
        "kind": rng.choice(kinds) if kinds else "",
        "council": identity.place.council,
        "person": identity.person.full,
        "initials": identity.person.initials,
    }
    full, short = form["full"].format(**values), form["short"].format(**values)
    if identity.head:
        branch = f"{identity.place.phrases['hromada']} філія"
        return f"{branch} {form['genitive']} «{identity.own}»", f"{branch} «{identity.own}»"
    return full, short
