"""Awards of project competitions as 360Giving grants."""

import json

import pytest

from portal.accounts.enums import PersonType
from portal.accounts.models import Organisation
from portal.site.opendata import threesixty
from procurement.models import Award
from tests.ocds.schemas import threesixty_faults
from tests.ocds.story import TODAY
from tests.projects.test_register import GOAL, fund
from tests.results_pages.decided import make_decided

pytestmark = pytest.mark.django_db


def test_award_of_a_project_competition_is_a_grant():
    world = fund()

    [grant] = threesixty.package(today=TODAY)["grants"]

    award, competition = world.award, world.competition
    assert grant["id"] == f"360G-poruch-{competition.number}-1-1"
    assert grant["title"] == "Майстерня 1"
    assert grant["description"] == GOAL
    assert (grant["amountAwarded"], grant["currency"]) == (float(award.amount), "UAH")
    assert grant["awardDate"] == world.decision.act_on.isoformat()
    winner = world.winner.organisation
    assert grant["recipientOrganization"] == [{"id": f"UA-EDR-{winner.code}", "name": winner.name}]
    assert grant["fundingOrganization"][0]["name"] == competition.commissioner.organisation.name
    assert grant["grantProgramme"][0]["code"] == competition.number
    assert grant["plannedDates"] == [{"startDate": "2027-05-01", "endDate": "2027-09-30"}]
    assert grant["beneficiaryLocation"][0]["geoCode"] == competition.hromada.code


def test_order_of_services_is_no_grant():
    make_decided()

    assert threesixty.package(today=TODAY)["grants"] == []


def test_award_without_a_sum_is_no_grant():
    Award.objects.filter(pk=fund().award.pk).update(amount=None)

    assert threesixty.package(today=TODAY)["grants"] == []


def test_natural_person_gets_a_grant_without_a_name():
    world = fund()
    Organisation.objects.filter(pk=world.winner.organisation_id).update(
        code=None, rnokpp="2222222222", name="Коваленко Марія Іванівна", person_type=PersonType.NATURAL_PERSON
    )

    package = threesixty.package(today=TODAY)

    assert "recipientOrganization" not in package["grants"][0]
    assert package["grants"][0]["recipientIndividual"]["name"]
    assert "Коваленко" not in json.dumps(package, ensure_ascii=False)
    assert "2222222222" not in json.dumps(package)


@pytest.mark.parametrize("projects", [1, 3])
def test_number_of_queries_does_not_grow_with_grants(projects, django_assert_num_queries):
    fund(projects=projects)

    with django_assert_num_queries(4):
        threesixty.package(today=TODAY)


@pytest.mark.shared
def test_package_is_valid_by_the_schema_of_the_standard():
    fund(projects=2)

    assert threesixty_faults(json.loads(json.dumps(threesixty.package(today=TODAY)))) == []
