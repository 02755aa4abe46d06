"""The small world in which stories of applications begin, and everybody who may come along."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from portal.accounts.models import Claim, Organisation, User
from registry.domain.providers import CLOCK
from registry.domain.standing import suspend_entry
from registry.enums import Outcome, Standing
from registry.models import Criterion, Ground
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.applications import make_rules
from tests.factories.registry import make_provider, make_territories, next_edrpou

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# those who can go on with something come up more often than those who only try
ACTORS = (
    *("registrar", "second", "approver") * 3,
    *("administrator", "both", "auditor", "foreign_registrar", "foreign_approver"),
    *("person0", "person1", "person2") * 2,
    *("editor1", "stranger"),
)


@dataclass
class World:
    people: dict[str, User]
    organisations: list[Organisation]
    grounds: dict[str, Ground]
    beginning: dict[int, str]
    # who examines and who decides in the one territory where everything happens
    examiners: set[int] = field(default_factory=set)
    deciders: set[int] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    """Return three organisations (unknown, claimed by its maker, included) and everybody who may come along."""
    places = make_territories()
    make_rules(correction_days=2, trivial_parts=["contacts"])
    Criterion.objects.create(slug="founding", group="general", text_uk="Статут.", valid_from=date(2020, 3, 3))
    organisations = [make_organisation(code=next_edrpou()) for _turn in range(2)]
    included, suspended = make_provider(), make_provider()
    organisations.append(included.organisation)
    suspend_entry(entry_id=suspended.pk, actor=CLOCK, ground="з початку", now=START)
    people = {
        "registrar": make_official("registrar", places.dykanska),
        "second": make_official("registrar", places.poltavska),
        "approver": make_official("approver", places.poltavska),
        "administrator": make_official("administrator"),
        "both": make_official("registrar", places.poltavskyi_raion),
        "auditor": make_official("auditor", places.poltavska),
        "foreign_registrar": make_official("registrar", places.odeska),
        "foreign_approver": make_official("approver", places.odeska),
        "person0": make_person(),
        "person1": make_person(),
        "person2": make_person(),
        "editor1": make_person(),
        "stranger": make_person(),
    }
    people["both"].groups.add(*people["approver"].groups.all())
    make_mandate(people["person0"], organisations[0])
    Claim.objects.create(
        person=people["person1"],
        organisation=organisations[1],
        scope="representative",
        statement="Засновниця.",
        made_organisation=True,
        at=START,
    )
    make_mandate(people["person2"], organisations[2])
    make_mandate(people["editor1"], organisations[2], "editor")
    grounds = {
        outcome: Ground.objects.create(slug=outcome, outcome=outcome, text_uk="Підстава.", valid_from=date(2021, 1, 27))
        for outcome in Outcome.values
        if outcome not in Outcome.granting
    }
    world = World(people, organisations, grounds, {included.pk: Standing.INCLUDED, suspended.pk: Standing.SUSPENDED})
    world.examiners = {people[name].pk for name in ("registrar", "second", "administrator", "both")}
    world.deciders = {people[name].pk for name in ("approver", "administrator", "both")}
    return world
