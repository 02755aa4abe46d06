"""What attackers start from: an office that orders services, and a bidder in a running competition."""

from tests.commissioning.conftest import office
from tests.proposals.conftest import bidder, competition, full, the_next_day

__all__ = ["bidder", "competition", "full", "office", "the_next_day"]
