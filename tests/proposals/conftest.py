"""An announced competition, a bidder with its people, and those who have no business with the proposal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Organisation, User
from portal.kernel import clock
from procurement.domain.seal.working_copies import read_copy
from procurement.models import Competition, Proposal
from tests.factories.accounts import make_mandate, make_person
from tests.factories.ordering import NOW
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import begin, fill_proposal, write

AT = NOW + timedelta(days=1)


@dataclass
class Bidder:
    """`client` is signed in as the representative, `colleague` as an editor of the same organisation."""

    competition: Competition
    organisation: Organisation
    user: User
    client: Client
    colleague_user: User
    colleague: Client
    proposal: Proposal

    def url(self, path: str = "") -> str:
        return f"/cabinet/proposals/{self.proposal.pk}/{path}"

    @property
    def content(self) -> dict[str, Any]:
        self.proposal.refresh_from_db()
        return read_copy(self.proposal).content

    @property
    def version(self) -> int:
        self.proposal.refresh_from_db()
        return self.proposal.draft_version

    def write(self, now: datetime = AT, base: int | None = None, **values: Any) -> Any:
        """Set fields, a double underscore for the slash of a path."""
        told = {name.replace("__", "/"): value for name, value in values.items()}
        return write(self.proposal, self.user, told, now=now, base=base)


@pytest.fixture
def the_next_day() -> Iterator[datetime]:
    """Let the portal's clock stand a day after the announcement."""
    with clock.standing_at(AT):
        yield AT


@pytest.fixture
def competition(db) -> Competition:
    return make_published()


@pytest.fixture
def bidder(competition, sign_in, the_next_day) -> Bidder:
    organisation, user = make_bidder()
    colleague = make_person()
    make_mandate(colleague, organisation, "editor")
    proposal = begin(competition, organisation, user, now=AT)
    return Bidder(competition, organisation, user, sign_in(user), colleague, sign_in(colleague), proposal)


@pytest.fixture
def full(bidder) -> Bidder:
    """Return the bidder with a proposal that may be submitted."""
    fill_proposal(bidder.proposal, bidder.user, now=AT)
    return bidder
