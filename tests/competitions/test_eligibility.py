"""Who may submit, said before a word is written: from the frozen policy and the register, the unknown bars nobody."""

import pytest

from procurement.domain.proposals.eligibility import may_submit, requirements_of
from procurement.models import CompetitionPolicy
from registry.domain.providers import CLOCK
from registry.domain.standing import exclude_entry, restore_entry, suspend_entry
from registry.models import RegisterEntry, Service
from tests.factories.accounts import make_organisation
from tests.factories.ordering import NOW, make_specification
from tests.factories.procurement import make_bidder, make_call, make_published
from tests.factories.registry import make_catalogue
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db


def told(competition, organisation) -> dict[str, bool | None]:
    return {one.code: one.met for one in requirements_of(competition, organisation, NOW)}


def test_only_providers_in_good_standing_submit_for_a_social_order():
    competition = make_published()
    organisation, _person = make_bidder()
    assert told(competition, organisation) == {"register": True}
    assert told(competition, make_organisation()) == {"register": False}
    entry = RegisterEntry.objects.get(organisation=organisation)
    suspend_entry(entry_id=entry.pk, actor=CLOCK, ground="Перевірка.", now=NOW)
    assert not may_submit(competition, organisation, NOW)
    restore_entry(entry_id=entry.pk, actor=CLOCK, ground="Усунено.", now=NOW)
    assert may_submit(competition, organisation, NOW)
    exclude_entry(entry_id=entry.pk, actor=CLOCK, ground="Припинено.", now=NOW)
    assert not may_submit(competition, organisation, NOW)


def test_every_condition_is_in_words_with_its_citation():
    (one,) = requirements_of(make_published(), make_organisation(), NOW)
    assert one.text
    assert "450-2020" in one.citation


def test_the_service_of_a_lot_may_be_asked_for():
    make_profile(policy={"needs_service": True})
    words = make_catalogue()
    shelter = make_specification(service_type=words.shelter, title="Притулок", ceiling=None, tariff=None)
    organisation, _person = make_bidder()
    home, other = make_published(), make_published(lots=[_priced(shelter)])
    assert told(home, organisation) == {"register": True, "service": True}
    assert told(other, organisation) == {"register": True, "service": False}
    Service.objects.update(service_type=words.shelter)
    assert told(other, organisation)["service"] is True


def _priced(specification):
    specification.ceiling = 1000
    specification.save()
    return specification


def test_legal_forms_and_sectors_bar_only_what_is_known():
    make_profile(
        policy={"needs_register": False, "legal_forms": ["public_association"], "sectors": ["non_state"]},
    )
    competition = make_published()
    fits = make_organisation(legal_form="public_association", sector="non_state")
    other = make_organisation(legal_form="communal_institution", sector="communal")
    unknown = make_organisation()
    assert told(competition, fits) == {"legal_form": True, "sector": True}
    assert told(competition, other) == {"legal_form": False, "sector": False}
    assert told(competition, unknown) == {"legal_form": None, "sector": None}
    assert [may_submit(competition, one, NOW) for one in (fits, other, unknown)] == [True, False, True]


def test_the_age_of_an_organisation_is_not_known_and_bars_nobody():
    draft = make_call(procedure="social-project")
    fits = make_organisation(legal_form="public_association", sector="non_state")
    assert told(draft, fits) == {"legal_form": True, "age": None}
    assert may_submit(draft, fits, NOW)


def test_a_policy_edited_afterwards_changes_nothing():
    competition = make_published()
    CompetitionPolicy.objects.update(needs_register=False)
    assert told(competition, make_organisation()) == {"register": False}
