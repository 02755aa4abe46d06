"""The public figures: each total is that of the list its row leads to; file and page say the same."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from portal.accounts.enums import PersonType
from procurement.contract_enums import ContractState
from procurement.models import Contract, OrderItem
from procurement.queries.contracts.listing import findings_counted
from procurement.queries.contracts.public import public_contracts
from procurement.queries.figures_contracts import Waits
from tests.factories.contracts import make_act, make_contract, pay
from tests.factories.evaluation import make_opened
from tests.factories.monitoring import judge, make_finding, make_visit
from tests.factories.ordering import make_budget_act, make_order_decision
from tests.factories.procurement import make_published
from tests.factories.registry import make_territories
from tests.figures.worlds import file_of

pytestmark = pytest.mark.django_db
SUMS = {"contracted_uah": "sum_uah", "accepted_uah": "accepted_uah", "paid_uah": "paid_uah"}


def table(name, query="year=2027"):
    return {row["key"]: row for row in file_of(f"/figures/{name}.csv?{query}")}


def contracts_at(address):
    """Return the rows of the file of the list that a figure leads to."""
    return file_of(f"/contracts/export.csv?{address.partition('?')[2]}")


def make_money():
    """Return three contracts: home care in Dykanka paid in part, two services in Odesa, one in preparation."""
    places = make_territories()
    first = make_contract()
    act = make_act(first, units="100")
    act.contract = first
    pay(act)
    make_contract(hromada=places.odesa_hromada, services=["home-care", "shelter"], lines=[{}, {"volume": Decimal(10)}])
    make_contract(ContractState.DRAFT)
    return first


@pytest.mark.parametrize("name", ["services", "ownership", "hromadas"])
def test_money_of_each_row_is_that_of_the_list_it_leads_to(name):
    make_money()
    rows = table(name)

    assert rows
    for row in rows.values():
        listed = contracts_at(row["list"])
        assert int(row["contracts"]) == len(listed), row["key"]
        for figure, column in SUMS.items():
            assert Decimal(row[figure]) == sum(Decimal(one[column]) for one in listed), row["key"]


def test_contract_of_two_services_stands_in_both_and_once_in_the_whole():
    make_money()
    rows = table("services")

    assert {key: row["contracts"] for key, row in rows.items()} == {"home-care": "2", "shelter": "1", "total": "2"}
    assert rows["home-care"]["contracted_uah"] == "649800.00"
    assert rows["shelter"]["contracted_uah"] == "325800.00"
    assert rows["total"]["contracted_uah"] == "649800.00"
    assert rows["total"]["paid_uah"] == "18000.00"


def test_oblast_and_year_narrow_everything():
    make_money()
    odeska = make_territories().odeska.code

    assert table("services", f"year=2027&oblast={odeska}")["total"]["contracted_uah"] == "325800.00"
    assert list(table("hromadas", f"year=2027&oblast={odeska}")) == [make_territories().odesa_hromada.code, "total"]
    assert table("services", "year=2026")["total"]["contracts"] == "0"


def test_ordered_is_what_decisions_in_force_say_and_without_a_sum_it_is_not_known():
    decision = make_order_decision()
    OrderItem.objects.filter(decision=decision, service_type__slug="shelter").update(amount=None)
    rows = table("services")
    page = Client().get("/en/figures/ordered/?year=2027&service=home-care").content.decode().replace("\xa0", " ")

    assert rows["home-care"]["ordered_uah"] == "324000.00"
    assert rows["shelter"]["ordered_uah"] == ""
    assert rows["total"]["ordered_uah"] == "324000.00"
    assert "/figures/ordered/?" in rows["home-care"]["list"]
    assert "324,000 UAH" in page
    assert f"#act-{decision.budget_act_id}" in page


@pytest.mark.databases
def test_decisions_by_oblast_are_those_of_the_list():
    places = make_territories()
    due = date(2020, 3, 1)
    make_budget_act(decision_due_on=due)
    late = make_budget_act(places.poltava_hromada, decision_due_on=due)
    make_order_decision(late, decided_on=date(2020, 3, 9))
    make_budget_act(places.odesa_hromada, decision_due_on=due)
    rows = table("orders")

    figures = ("budget_acts", "overdue", "late", "in_time")
    assert [rows[places.poltavska.code][name] for name in figures] == ["2", "1", "1", "0"]
    assert [rows["total"][name] for name in figures] == ["3", "2", "1", "0"]
    for row in rows.values():
        counts = Client().get(row["list"].removeprefix("http://localhost:8000")).context["counts"]
        assert [counts[f"n_{name}"] for name in ("all", "overdue", "late", "in_time")] == [
            int(row[name]) for name in figures
        ]


def test_competitions_by_oblast_are_those_of_the_list():
    places = make_territories()
    make_published()
    make_opened(proposals=1)
    rows = table("competitions")
    row = rows[places.poltavska.code]

    listed = Client().get("/competitions/?" + row["list"].partition("?")[2]).context["total"]
    assert listed == 2 == sum(int(row[name]) for name in ("open", "being_evaluated"))
    assert {**row, "key": "", "name": "", "list": ""} == {**rows["total"], "key": "", "name": "", "list": ""}


def test_single_applicant_is_counted_by_lots_that_somebody_applied_for():
    make_opened(proposals=1)
    make_opened(proposals=3)
    row = table("bidders")["total"]

    assert [row[name] for name in ("lots", "one_applicant", "several_applicants", "share_of_one")] == [
        "2", "1", "1", "50.0",
    ]  # fmt: skip


@pytest.mark.databases
def test_time_runs_from_the_decision_on_the_order():
    item = make_order_decision().items.first()
    for days in (10, 20, 60):
        contract = make_contract(order_item=item)
        Contract.objects.filter(pk=contract.pk).update(
            concluded_on=item.decision.decided_on + timedelta(days=days),
            concluded_at=datetime(2027, 6, 1, tzinfo=UTC),
        )
    make_contract()
    row = table("time")["total"]

    assert (row["median_days_from_order"], row["contracts_from_order"]) == ("20", "3")
    assert (row["median_days_from_award"], row["contracts_from_award"]) == ("", "0")


@pytest.mark.parametrize(
    ("days", "median"), [({}, None), ({3: 1}, 3), ({3: 1, 4: 1}, Decimal("3.5")), ({1: 5, 9: 4}, 1), ({1: 1, 5: 3}, 5)]
)
def test_median_of_counted_days(days, median):
    assert Waits(days).median == median


def test_findings_are_those_of_the_list_of_contracts():
    contract = make_contract()
    visit = make_visit(contract)
    judge(make_finding(visit))
    make_finding(visit)
    judge(make_finding(visit), "no_mechanism")
    make_finding(make_visit(contract, "held"))
    row = table("findings")["total"]
    whole = findings_counted(public_contracts())

    assert [int(row[name]) for name in ("findings", "eliminated", "unsolved")] == list(whole.values()) == [3, 1, 1]
    assert (row["closed_otherwise"], row["share_eliminated"]) == ("1", "33.3")


@pytest.mark.databases
def test_page_says_what_the_files_say():
    make_money()
    make_opened(proposals=2)
    make_order_decision()
    response = Client().get("/en/figures/?year=2027")
    for chart in response.context["charts"]:
        rows = table(chart.name)
        assert [row.key for row in chart.rows] + [chart.total.key] == list(rows)
        for row in (*chart.rows, chart.total):
            told = [rows[row.key][column.name] for column in chart.columns]
            assert told == ["" if value is None else str(value) for value in row.values]
    page = response.content.decode()
    assert page.count('class="late chart"') == sum(1 for chart in response.context["charts"] if chart.rows)
    assert "<rect" in page
    assert "style=" not in page


def test_nobody_is_named_who_is_a_natural_person():
    contract = make_contract(is_demo=True)
    organisation = contract.contractor
    type(organisation).objects.filter(pk=organisation.pk).update(
        person_type=PersonType.NATURAL_PERSON, code=None, rnokpp=None, name="Петренко Ганна", short_name=""
    )
    page = Client().get("/figures/?year=2027").content.decode()

    assert "Петренко" not in page
    assert page.count(">вигадано<") == 3
    assert Client().get("/figures/nonsense.csv").status_code == 404


def test_contracts_are_filtered_by_ownership_form():
    make_contract()
    make_contract(title="Притулок")
    Contract.objects.get(title="Притулок").contractor.__class__.objects.filter(contracts__title="Притулок").update(
        ownership_form="state"
    )
    assert [row["title"] for row in file_of("/contracts/export.csv?ownership=state")] == ["Притулок"]
    assert len(file_of("/contracts/export.csv?ownership=nonsense")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_figures_ask_as_many_questions_however_much_there_is(count, django_assert_num_queries):
    for _place in range(count):
        make_contract()
        make_opened(proposals=1)
    make_order_decision()
    client = Client()
    for address, queries in {"/figures/?year=2027": 10, "/figures/ordered/?year=2027": 2}.items():
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)
