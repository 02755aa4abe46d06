"""Who reads what is written about a competition: the people of the bidders, the officials who order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from portal.accounts.enums import Role
from portal.accounts.models import Mandate, User
from procurement.enums import ProposalState
from procurement.models import Competition, Proposal
from registry.queries.readers import officials_or_administrators, units_around


def commissioners_of(competition: Competition) -> list[User]:
    """Return the officials who order services where the competition is; where there are none, the administrators."""
    return officials_or_administrators(units_around(competition.hromada), Role.COMMISSIONER)


def bidders_of(competition: Competition, on: date) -> list[tuple[Proposal, list[User]]]:
    """Return every proposal that was not withdrawn, with those who may act for its organisation on that day."""
    proposals = competition.proposals.exclude(state=ProposalState.WITHDRAWN).select_related("organisation")
    found = list(proposals.order_by("pk"))
    people = people_of_all([proposal.organisation_id for proposal in found], on)
    return [(proposal, people[proposal.organisation_id]) for proposal in found]


def people_of_all(organisations: Collection[int], on: date) -> dict[int, list[User]]:
    """Return, for each of the organisations, those who may sign in and act for it on that day."""
    held = Mandate.objects.active(on).filter(organisation__in=organisations, person__is_active=True)
    people: dict[int, dict[int, User]] = defaultdict(dict)
    for mandate in held.select_related("person").order_by("person"):
        people[mandate.organisation_id][mandate.person_id] = mandate.person
    return {organisation: list(people[organisation].values()) for organisation in organisations}
