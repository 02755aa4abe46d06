"""How many specialists: the proposals of document 2, edge by edge."""

from decimal import Decimal

import pytest

from registry.domain.staffing import Gap, Population, managers_for, posts_needed
from registry.models import CaseLoadNorm, StaffingNorm


def found(**people):
    return {line.norm.slug: line for line in posts_needed(StaffingNorm.objects.all(), Population(**people))}


@pytest.mark.parametrize(
    ("total", "norm", "exact", "least", "most"),
    [
        (0, "specialist-small", "0", 0, 0),
        (1, "specialist-small", "0.00", 0, 1),
        (1_000, "specialist-small", "1", 1, 1),
        (4_999, "specialist-small", "5.00", 4, 5),
        (5_000, "specialist-small", "5", 5, 5),
        (5_001, "specialist-middle", "3.33", 3, 4),
        (7_500, "specialist-middle", "5", 5, 5),
        (10_000, "specialist-middle", "6.67", 6, 7),
        (10_001, "specialist-large", "4.00", 4, 5),
        (12_500, "specialist-large", "5", 5, 5),
        (19_344, "specialist-large", "7.74", 7, 8),
        (1_000_000, "specialist-large", "400", 400, 400),
    ],
)
def test_specialists_follow_the_size_of_the_hromada(shipped, total, norm, exact, least, most):
    lines = {slug: line for slug, line in found(total=total).items() if slug.startswith("specialist")}

    assert [*lines] == [norm]
    assert (lines[norm].exact, lines[norm].least, lines[norm].most) == (Decimal(exact), least, most)


@pytest.mark.parametrize(
    ("urban", "rural", "managers"),
    [
        (0, 0, (0, 0)),
        (1, 1, (1, 1)),
        (30_000, 3_000, (1, 1)),
        (30_001, 3_000, (2, 1)),
        (30_000, 3_001, (1, 2)),
        (60_000, 0, (2, 0)),
        (0, 8_999, (0, 3)),
    ],
)
def test_managers_are_counted_apart_in_town_and_country(shipped, urban, rural, managers):
    lines = found(urban=urban, rural=rural)

    assert (lines["manager-urban"].most, lines["manager-rural"].most) == managers
    assert (lines["manager-urban"].least, lines["manager-rural"].least) == managers


def test_third_number_follows_from_two():
    assert Population(total=10, urban=4).completed() == Population(10, 4, 6)
    assert Population(total=10, rural=4).completed() == Population(10, 6, 4)
    assert Population(urban=6, rural=4).completed() == Population(10, 6, 4)
    assert Population(total=10).completed() == Population(10)


def test_managers_are_not_computed_where_town_and_country_are_not_told_apart(shipped):
    lines = found(total=19_344)

    assert {slug: (line.gap, line.most, line.if_all) for slug, line in lines.items() if "manager-" in slug} == {
        "manager-official": (Gap.NO_NUMBER, None, None),
        "manager-urban": (Gap.NO_RESIDENTS, None, 1),
        "manager-rural": (Gap.NO_RESIDENTS, None, 7),
    }


def test_nothing_is_computed_of_nothing(shipped):
    assert {line.gap for line in found().values()} == {Gap.NO_NUMBER, Gap.NO_RESIDENTS}


def test_official_number_of_decree_64_is_missing_until_a_row_has_it(shipped):
    assert found(total=30_000)["manager-official"].gap == Gap.NO_NUMBER

    StaffingNorm.objects.filter(slug="manager-official").update(per_residents=10_000)

    assert found(total=30_000)["manager-official"].most == 3


@pytest.mark.parametrize(
    ("cases", "wanted"),
    [
        (None, {"intensive": None, "brokerage": None, "clinical": None, "strengths": None}),
        (0, {"intensive": 0, "brokerage": 0, "clinical": 0, "strengths": None}),
        (10, {"intensive": 1, "brokerage": 1, "clinical": 1, "strengths": None}),
        (15, {"intensive": 1, "brokerage": 1, "clinical": 2, "strengths": None}),
        (16, {"intensive": 2, "brokerage": 1, "clinical": 2, "strengths": None}),
        (36, {"intensive": 3, "brokerage": 2, "clinical": 4, "strengths": None}),
    ],
)
def test_case_load_divides_cases_among_managers(shipped, cases, wanted):
    assert {norm.model: managers_for(cases, norm) for norm in CaseLoadNorm.objects.all()} == wanted
