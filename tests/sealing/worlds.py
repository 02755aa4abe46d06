"""An announced competition with a small form, and bidders who have written their proposals."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile

from portal.accounts.models import Organisation, User
from portal.kernel import clock
from portal.kernel.models import RuleProfile
from procurement.domain.calls import calling
from procurement.domain.calls.freezing import freeze_all, rules_of
from procurement.domain.proposals.submitting import submit_proposal
from procurement.domain.seal.keys import new_competition_keys
from procurement.domain.seal.opening import open_proposals
from procurement.domain.seal.working_copies import read_copy, store_file, write_copy
from procurement.enums import CompetitionState, VersionKind
from procurement.models import (
    Commissioner,
    Competition,
    CompetitionPolicy,
    CompetitionVersion,
    FormVersion,
    Lot,
    Opening,
    Proposal,
    ProposalRevision,
)
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.registry import make_territories, next_edrpou

# far from any clock that reads this: what was not judged by the clock that stands is judged wrong
NOW = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(days=20)
PRESENT = [{"name": "Олена Коваль", "position": "голова комісії"}]
DEFINITION = {
    "sections": [
        {
            "code": "about",
            "title_uk": "Про пропозицію",
            "fields": [
                {"name": "title", "kind": "text", "label_uk": "Назва", "required": True},
                {"name": "story", "kind": "long_text", "label_uk": "Опис"},
            ],
        },
        {
            "code": "documents",
            "title_uk": "Документи",
            "fields": [{"name": "statute", "kind": "document", "label_uk": "Статут"}],
        },
    ]
}
CONTENT = {"about/title": "Підтримане проживання", "about/story": "Двадцять людей на рік."}
_numbers = count(1)


def make_commissioner() -> Commissioner:
    places = make_territories()
    known = Commissioner.objects.first()
    return known or Commissioner.objects.create(
        organisation=make_organisation(code=next_edrpou()), hromada=places.dykanska
    )


def make_commissioning_official() -> User:
    return make_official("commissioner", make_territories().dykanska)


def make_competition(
    *, now: datetime = NOW, closes_at: datetime = CLOSES, hold_until: datetime | None = None, **fields: Any
) -> Competition:
    """Return a competition announced at `now` with one lot; one version, real keys."""
    profile, _ = RuleProfile.objects.get_or_create(
        procedure="social-order", authority="", valid_from=NOW.date().replace(year=2020), defaults={"title": "Правила"}
    )
    CompetitionPolicy.objects.get_or_create(profile=profile, defaults={"needs_register": False})
    form, _ = FormVersion.objects.get_or_create(
        code="small", number=1, defaults={"title_uk": "Пропозиція", "definition": DEFINITION}
    )
    commissioner = make_commissioner()
    number = f"2031-{next(_numbers):05d}"
    keys = new_competition_keys(number)
    facts = {
        "procedure": "social-order",
        "profile": profile,
        "commissioner": commissioner,
        "hromada": commissioner.hromada,
        "title": "Денний догляд",
        "form": form,
        "published_at": now,
        "opens_at": now,
        "closes_at": closes_at,
        "hold_until": hold_until,
        "opening_at": closes_at + timedelta(hours=1),
        "created_at": now,
        "saved_at": now,
    }
    competition = Competition.objects.create(**{**facts, **fields})
    lot = Lot.objects.create(competition=competition, number=1, title="Догляд", ceiling=Decimal(100000))
    frozen = freeze_all(competition, rules_of(competition, now.date()), "key", now)
    competition.state, competition.number, competition.version = CompetitionState.PUBLISHED, number, 1
    competition.public_key, competition.wrapped_key, competition.sealed_by = keys.public, keys.wrapped, keys.sealed_by
    competition.save()
    content = {"title": competition.title, "lots": [{"number": 1, "title": lot.title}], "documents": [], "dates": {}}
    CompetitionVersion.objects.create(
        competition=competition,
        number=1,
        kind=VersionKind.PUBLICATION,
        at=now,
        content=content,
        frozen=frozen,
        digest="0" * 64,
    )
    return competition


def announce_again(competition: Competition, at: datetime, **dates: datetime) -> CompetitionVersion:
    """Make one more version, the same but for its number and the dates that are given."""
    last = competition.versions.order_by("-number").first()
    version = CompetitionVersion.objects.create(
        competition=competition,
        number=last.number + 1,
        kind=VersionKind.CHANGE,
        at=at,
        reason="Уточнено.",
        content=last.content,
        frozen=last.frozen,
        digest="1" * 64,
        unsettles=True,
    )
    Competition.objects.filter(pk=competition.pk).update(version=version.number, **dates)
    return version


@dataclass
class Bid:
    """A proposal with the person who may submit it; what it does happens at the moment that is given."""

    proposal_id: UUID
    user: User
    competition: Competition

    @property
    def proposal(self) -> Proposal:
        return Proposal.objects.select_related("competition", "organisation").get(pk=self.proposal_id)

    def write(self, **changes: Any) -> None:
        """Set fields, a double underscore for the slash of a path."""
        proposal = self.proposal
        copy = read_copy(proposal)
        copy.content |= {name.replace("__", "/"): value for name, value in changes.items()}
        self.keep(proposal, copy)

    def attach(self, name: str, content: bytes) -> str:
        proposal = self.proposal
        row, about = store_file(proposal, ContentFile(content, name), by=self.user, now=NOW)
        copy = read_copy(proposal)
        copy.files[str(row.pk)] = dict(about)
        copy.content["documents/statute"] = str(row.pk)
        self.keep(proposal, copy)
        return str(row.pk)

    def keep(self, proposal: Proposal, copy: Any) -> None:
        write_copy(proposal, copy)
        proposal.draft_version += 1
        proposal.save()

    def submit(self, at: datetime | None = None, *, key: UUID | None = None, **told: Any) -> ProposalRevision:
        told = {"draft_version": self.proposal.draft_version, **told}
        with clock.standing_at(at or NOW + timedelta(hours=1)):
            return submit_proposal(proposal_id=self.proposal_id, user=self.user, key=key or uuid4(), **told)


def make_bidder() -> tuple[Organisation, User]:
    """Return an organisation with a person who may submit for it."""
    organisation, user = make_organisation(code=next_edrpou()), make_person()
    make_mandate(user, organisation)
    return organisation, user


def make_bid(competition: Competition, *, bidder: tuple[Organisation, User] | None = None, **content: Any) -> Bid:
    """Return a proposal of a new organisation, written and not submitted."""
    organisation, user = bidder or make_bidder()
    proposal = Proposal(
        competition=competition,
        organisation=organisation,
        competition_version=competition.versions.order_by("-number").first(),
        created_by=user,
        created_at=NOW,
        saved_at=NOW,
    )
    copy = read_copy(proposal)
    copy.content = {**CONTENT, **content}
    write_copy(proposal, copy)
    proposal.save(force_insert=True)
    return Bid(proposal.pk, user, competition)


def close(competition: Competition, at: datetime | None = None) -> Competition:
    with clock.standing_at(at or competition.closes_at):
        return calling.close(competition_id=competition.pk, now=at or competition.closes_at)


def open_all(competition: Competition, user: User, **told: Any) -> Opening:
    told = {"present": PRESENT, "now": competition.opening_at, **told}
    return open_proposals(competition_id=competition.pk, user=user, **told)
