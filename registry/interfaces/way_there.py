"""What a card says to a person with a profile of accessibility: need by need, whether an address meets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.interfaces.facets import Choice
from registry.queries.access_profiles import Profile, profiles
from registry.queries.card import Card, SiteCard

AT_HOME: Final = "home"


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One need at one address: "yes", "no" or "unknown", and on what day somebody looked, where that is known."""

    name: str
    essential: bool
    state: str
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class SiteWay:
    site: SiteCard
    state: str
    needs: list[NeedLine]


@dataclass(frozen=True, slots=True)
class WayThere:
    """The profiles to choose from and, of the chosen one, what is known of each address."""

    choices: list[Choice]
    profile: Profile | None
    sites: list[SiteWay]
    # some service comes to the person, so the address does not matter for it
    comes_home: bool


def way_there(card: Card, slug: str) -> WayThere:
    """Return the panel of a card; an unknown profile is none."""
    profile = profiles().get(slug)
    choices = [Choice(one.slug, one.name, 0, one.slug == slug) for one in profiles().values()]
    sites = [site for site in card.sites if not site.is_legal] or card.sites
    comes_home = any(form.slug == AT_HOME for item in card.services for form in item.forms)
    return WayThere(choices, profile, _ways(profile, sites) if profile else [], comes_home)


def state_word(state: bool | None) -> str:
    """Return "yes", "no" or "unknown": nothing said is not "no"."""
    return {True: "yes", False: "no"}.get(state, "unknown")  # type: ignore[arg-type]


def needs_at(profile: Profile, site: SiteCard) -> list[NeedLine]:
    """Return the needs of a profile at an address; the day is that of the feature that was looked at last."""
    lines = []
    for need in profile.needs:
        days = [site.checked_on[feature] for feature in need.any_of if feature in site.checked_on]
        lines.append(NeedLine(need.name, need.essential, state_word(need.met_by(site.known)), max(days, default=None)))
    return lines


def _ways(profile: Profile, sites: Sequence[SiteCard]) -> list[SiteWay]:
    return [SiteWay(site, state_word(profile.open_to(site.known)), needs_at(profile, site)) for site in sites]
