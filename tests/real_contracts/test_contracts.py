"""Contracts, tariffs and terms that Ukrainian bodies have published, entered as the portal enters them.

Facts alone stand in the files beside, each with its source and the day on which it was read. What a source says only in
sum is said here in sum; nothing is invented to fill it up.
"""

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from portal.kernel.models import CalendarRegime
from procurement.contract_enums import ReportState
from procurement.domain.contracts import drafting
from procurement.domain.delivery.reports import RowFacts
from procurement.domain.delivery.sums import figures_of
from procurement.domain.quality.arithmetic import rounded
from procurement.models import Contract
from tests.contract_machine.hands import NOW, Sides, line_values

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
KOPIIKA = Decimal("0.01")
LATER = NOW + timedelta(days=60)


def facts(name):
    return json.loads((HERE / f"{name}.json").read_text())


def make_martial_law():
    """Let Monday to Friday work without exceptions, as they have since 24 February 2022."""
    CalendarRegime.objects.create(kind="martial_law", valid_from=date(2022, 2, 24), ground="2102-IX")


def test_every_file_names_its_source_and_the_day_it_was_read():
    files = sorted(HERE.glob("*.json"))

    assert len(files) >= 3
    for path in files:
        told = json.loads(path.read_text())
        assert told["source"].startswith("http"), path.name
        assert date.fromisoformat(told["read_on"]) <= date(2026, 12, 31), path.name
        assert told["what"]


@pytest.mark.parametrize("place", [0, 1])
def test_hiv_tariffs_make_up_the_published_sums(place):
    told = facts("hiv_tariffs")
    group = told["groups"][place]
    sides = Sides.make("100000.00")
    services = [
        {
            "title": row["title"],
            "tariff": Decimal(row["tariff"]),
            "volume": Decimal(row["volume"]),
            "unit": told["unit"],
        }
        for row in group["lines"]
    ]

    contract = sides.conclude(sides.draft(services))

    lines = contract.versions.get().lines.order_by("number")
    assert [str(line.sum) for line in lines] == [row["sum"] for row in group["lines"]]
    assert str(contract.sum) == group["total"]
    content = contract.versions.get().content
    assert [row["sum"] for row in content["lines"]] == [row["sum"] for row in group["lines"]]


def test_hiv_services_of_one_recipient_are_claimed_accepted_and_paid_to_the_kopiika():
    """The first group's year in one report; the deduction of one screening is ours, its tariff is published."""
    make_martial_law()
    told = facts("hiv_tariffs")
    group, unit = told["groups"][0], told["unit"]
    sides = Sides.make("100000.00")
    services = [
        {"tariff": Decimal(row["tariff"]), "volume": Decimal(row["volume"]), "unit": unit} for row in group["lines"]
    ]
    contract = sides.conclude(sides.draft(services))
    units = [RowFacts(number, None, None, Decimal(row["volume"])) for number, row in enumerate(group["lines"], 1)]

    act = sides.claim_report(contract, 1, units, now=LATER)
    screening = Decimal(group["lines"][2]["tariff"])
    act = sides.accept(act, now=LATER, deducted={3: screening})
    sides.pay(act, act.accepted, now=LATER)

    assert str(act.claimed) == group["total"]
    assert [str(line.amount) for line in act.lines.order_by("line")] == [row["sum"] for row in group["lines"]]
    figures = figures_of(Contract.objects.get(pk=contract.pk))
    assert (str(figures.claimed), str(figures.deducted)) == (group["total"], str(screening))
    assert figures.accepted == figures.paid == Decimal(group["total"]) - screening == Decimal("591.43")
    assert (figures.to_pay, figures.remaining) == (Decimal("0.00"), screening)
    # Monday, 26 April 2027, and ten working days after it, as the contract says
    assert act.payment_due_on == date(2027, 5, 10)


@pytest.mark.parametrize("name", ["mohyliv_contract", "manevychi_contract"])
def test_contract_of_a_procurement_keeps_its_sum_and_identifier(name):
    told = facts(name)
    expected, agreed = Decimal(told["expected"]), Decimal(told["sum"])
    sides = Sides.make(told["expected"])
    service = {
        "title": told["title"],
        "pricing": "lump",
        "sum": agreed,
        "unit": "",
        "service_type": None,
        "group": None,
    }

    contract = sides.conclude(sides.draft([service], identifier=told["identifier"], title=told["title"]))

    assert (contract.identifier, str(contract.sum)) == (told["identifier"], told["sum"])
    figures = figures_of(contract)
    assert (str(figures.sum), str(figures.remaining)) == (told["sum"], told["sum"])
    sides.lines[0].refresh_from_db()
    saved = sides.lines[0].free
    assert saved == expected - agreed
    assert str(rounded(Fraction(saved) / Fraction(expected) * 100, "half_up", 2)) == told["saving_percent"]
    step = Decimal(told["least_step"]["percent"]) / 100 * expected
    assert str(step.quantize(KOPIIKA, ROUND_HALF_UP)) == told["least_step"]["amount"]


def test_vinnytsia_measures_cost_their_hours_half_a_kopiika_up():
    told = facts("vinnytsia_tariffs")
    sides = Sides.make("100000.00")
    contract = sides.draft([])
    version = contract.versions.get()
    hour = Decimal(told["hour"])

    for row in told["measures"]:
        values = line_values({"title": row["title"], "tariff": hour, "volume": Decimal(row["hours"])})
        line = drafting.save_line(version_id=version.pk, user=sides.official, values=values, now=version.saved_at)
        line.refresh_from_db()
        assert str(line.sum) == row["tariff"], row["title"]


def test_idp_care_by_the_day_follows_from_the_month_of_a_leap_year():
    told = facts("idp_care")
    sides = Sides.make("1000000.00")
    month, day = Decimal(told["month"]), Decimal(told["day"])
    days = (date(told["year"] + 1, 1, 1) - date(told["year"], 1, 1)).days
    services = [
        {"title": "Догляд стаціонарний, рік", "tariff": month, "volume": Decimal(12), "unit": "month"},
        {"title": "Догляд стаціонарний, доба", "tariff": day, "volume": Decimal(days), "unit": "day"},
    ]

    year, by_days = sides.draft(services).versions.get().lines.order_by("number")

    assert str(year.sum) == "194221.92"
    assert (year.sum / days).quantize(KOPIIKA, ROUND_HALF_UP) == day
    # the day is rounded, so a year of days is short of a year of months by less than half a kopiika a day
    assert 0 <= year.sum - by_days.sum < days * KOPIIKA / 2


def test_sumy_project_asks_for_a_report_each_month_of_its_term():
    told = facts("sumy_project")
    begins, ends = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
    sides = Sides.make("100000.00")
    make_martial_law()
    service = {"title": "Проєкт", "pricing": "lump", "sum": Decimal("1000.00"), "unit": ""}

    contract = sides.conclude(sides.draft([service], service_from=begins, service_to=ends))

    reports = list(contract.reports.filter(state=ReportState.DUE).order_by("number"))
    assert len(reports) == told["months"]
    assert (reports[0].period_from, reports[-1].period_to) == (begins, ends)
    assert (reports[0].period_to, reports[1].period_from) == (date(2025, 2, 28), date(2025, 3, 1))
    # 28 February 2025 is a Friday: five working days later is the next Friday
    assert reports[0].due_on == date(2025, 3, 7)
    assert Contract.objects.get(pk=contract.pk).service_to == ends
