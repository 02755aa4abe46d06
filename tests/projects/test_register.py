"""The public register of projects: what stands in it, what never, its filters and its table."""

import csv
import io

import pytest

from procurement.domain.forms.checks import faults_of
from procurement.domain.forms.definition import registered_paths
from procurement.enums import AwardState, RoundState
from procurement.models import Award, Clarification, FormVersion
from tests.appeals.deciding import decide, make_decided
from tests.factories.evaluation import make_opened_proposal, make_round
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_rules
from tests.projects.world import make_called, project

pytestmark = pytest.mark.django_db
GOAL = "Люди з інвалідністю працюють у громаді."


def fund(*, projects: int = 1, hromada=None, name: str = "Майстерня"):
    """Return a decided competition of projects with so many awards."""
    competition = make_called(hromada=hromada)
    for number in range(projects):
        make_opened_proposal(competition, content=project(f"{name} {number + 1}", "50000.00"))
    world = decide(make_round(competition, state=RoundState.ADMISSION))
    for proposal in competition.proposals.exclude(number=1):
        Award.objects.create(
            decision=world.decision,
            lot=world.award.lot,
            proposal=proposal,
            place=proposal.number,
            amount="50000.00",
            state=AwardState.ACCEPTED,
        )
    return world


def rows_of(client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/projects/projects.csv{query}")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_funded_project_stands_with_its_sum_goal_period_and_way_to_the_results(client):
    world = fund()

    page = client.get("/projects/").content.decode()

    for told in (world.winner.organisation.name, "Майстерня 1", GOAL, "306", "травня"):
        assert told in page
    assert f"/competitions/{world.competition.number}/results/" in page


def test_order_of_services_stands_in_no_register_of_projects(client):
    make_decided()

    assert client.get("/projects/").status_code == 200
    assert rows_of(client) == []


@pytest.mark.parametrize("state", (*AwardState.failed, AwardState.SUPERSEDED))
def test_award_that_fell_away_stands_no_more(client, state):
    world = fund()
    Award.objects.update(state=state)

    assert rows_of(client) == []
    assert world.winner.organisation.name not in client.get("/projects/").content.decode()


def test_reopened_competition_has_funded_nobody(client):
    world = fund()
    world.competition.state = "opened"
    world.competition.save(update_fields=["state"])

    assert rows_of(client) == []


def test_register_says_what_was_clarified(client):
    world = fund()
    Clarification.objects.create(
        admission=world.round.admissions.get(),
        state="answered",
        fields=["project/goal"],
        text="Уточніть мету.",
        asked_at=world.now,
        asked_by=world.official,
        due_at=world.now,
        answered_at=world.now,
        answers={"project/goal": {"before": GOAL, "after": "Сорок людей мають роботу."}},
    )

    (row,) = rows_of(client)
    assert row["project_goal"] == "Сорок людей мають роботу."


def test_table_says_the_same_as_the_page_and_holds_no_formula(client):
    world = fund(name="=HYPERLINK")

    (row,) = rows_of(client)

    assert row["project_name"] == "'=HYPERLINK 1"
    assert (row["amount_uah"], row["state"]) == ("306000.00", "offered")
    assert (row["hromada_code"], row["project_from"]) == (world.competition.hromada.code, "2027-05-01")
    assert "phone" not in str(row) and "+380" not in str(row)


def test_filters_narrow_page_and_table_alike(client):
    places = make_territories()
    fund(), fund(hromada=places.odesa_hromada)

    assert len(rows_of(client)) == 2
    assert len(rows_of(client, f"?hromada={places.odesa_hromada.code}")) == 1
    assert rows_of(client, "?year=2031") == []
    assert rows_of(client, "?state=accepted") == []
    # what nobody can mean is left aside
    assert len(rows_of(client, "?year=x&state=refused&hromada=1&page=-1")) == 2
    assert client.get("/projects/?year=%00&page=99").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_however_many(client, count, django_assert_num_queries):
    fund(projects=count)

    # three of them are the frame's, which keeps its links and notices for a minute
    with django_assert_num_queries(13):
        client.get("/projects/")


def test_form_says_itself_what_stands_in_the_register():
    make_rules()
    definition = FormVersion.objects.filter(code="social-project").latest("number").definition

    assert registered_paths(definition)["goal"] == "project/goal"
    field = {"name": "a", "kind": "text", "label_uk": "А", "register": "weather"}
    assert "register of projects" in " ".join(
        faults_of({"sections": [{"code": "s", "title_uk": "С", "fields": [field]}]})
    )
