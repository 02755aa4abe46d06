"""Services side by side: what is not known is said, what differs is marked, what is gone is no error."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from procurement.models import IndicatorRating, QualityEvaluation
from registry.domain.standing import exclude_entry
from registry.models import Availability, Service
from tests.citizen.conftest import SECRET, key
from tests.factories.quality import indicator_set
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_provider

pytestmark = pytest.mark.django_db


def compared(client: Client, *entries, rest: str = ""):
    return client.get("/en/compare/?" + "&".join(f"service={key(entry)}" for entry in entries) + rest)


def cells(response, name: str) -> list[str]:
    """Return what the row of this name says, one text for each service."""
    rows = {row.name: row for part in response.context["table"].parts for row in part.rows}
    return ["; ".join(cell.lines) for cell in rows[name].cells]


def test_compare_says_what_is_known_and_that_the_rest_is_not(client: Client, register):
    response = compared(client, *register)

    assert cells(response, "Telephone") == ["+380535190000", "+380500000001", ""]
    assert cells(response, "For whom") == ["Older people", "", ""]
    assert cells(response, "What it costs") == ["depends on income", "free of charge", ""]
    assert cells(response, "Places in all") == ["40", "", ""]
    assert response.content.decode().count("no data") > 10
    assert "0" not in cells(response, "Free now")


@pytest.mark.parametrize("item_count", [1, 3])
def test_compare_asks_as_often_for_one_as_for_three(client: Client, register, item_count, django_assert_num_queries):
    address = "/compare/?" + "&".join(f"service={key(entry)}" for entry in register[:item_count])
    client.get(address)

    with django_assert_num_queries(11):
        client.get(address)


def test_compare_never_shows_a_confidential_address_or_a_private_telephone(client: Client, register):
    page = unescape(compared(client, *register).content.decode())

    assert SECRET not in page
    assert "49.59" not in page
    assert "+380500000002" not in page
    assert "the address is not disclosed" in page


def test_compare_marks_rows_that_differ_and_can_show_them_alone(client: Client, register):
    whole, only = compared(client, *register), compared(client, *register, rest="&only=differences")

    names = [row.name for part in only.context["table"].parts for row in part.rows]
    assert "Telephone" in names
    assert "Confirmed by a person" not in names
    assert '<tr class="differs" role="row">' in whole.content.decode()
    assert "only=differences" in whole.content.decode()


def test_compare_of_one_and_the_same_says_that_nothing_differs(client: Client, register):
    response = client.get(f"/compare/?service={key(register[0])}&service={key(register[0])}&only=differences")

    assert response.context["table"].parts == []
    assert len(response.context["columns"]) == 1


def test_compare_tells_of_what_is_gone_and_refuses_nothing(client: Client, register):
    centre, shelter, _bare = register
    carer = make_carer()
    exclude_entry(entry_id=shelter.pk, actor=REGISTRAR, ground="заява", now=NOW)
    strange = "<script>alert(1)</script>"

    response = client.get(
        "/compare/", {"service": [key(centre), key(shelter), key(carer), key(centre, 9), "s-NOPE-1", strange]}
    )

    assert response.status_code == 200
    assert [one.entry for one, _without in response.context["columns"]] == [centre]
    assert response.context["gone"] == [key(shelter), key(carer), key(centre, 9), strange]
    assert strange not in response.content.decode()
    assert "Приватна Особа" not in response.content.decode()


def test_compare_takes_the_first_four_and_says_so(client: Client, register):
    more = [make_provider() for _ in range(3)]

    response = compared(client, *register, *more)

    assert len(response.context["columns"]) == 4
    assert response.context["left_out"] == 2
    assert "2 services are left out" in unescape(response.content.decode())


def test_compare_without_services_says_how_to_choose(client: Client, db):
    assert client.get("/compare/").status_code == 200
    assert client.get("/compare/?service=&place=%00&profile=nope&only=x").status_code == 200


def test_compare_counts_distances_from_a_named_place_but_not_to_a_hidden_one(client: Client, searched):
    response = compared(client, *searched, rest="&place=Полтаві")

    far = cells(response, "How far")
    assert far[0].startswith("26")
    assert far[1:] == ["", ""]
    unknown = compared(client, *searched, rest="&place=Ґондор")
    assert "is not known" in unknown.context["choice"].where.problem


def test_compare_forgets_a_word_about_free_places_that_is_too_old(client: Client, register):
    centre, shelter, _bare = register
    today = timezone.localdate()
    for entry, until in ((centre, today), (shelter, today - timedelta(days=1))):
        Availability.objects.create(
            service=Service.objects.get(entry=entry),
            free_places=3,
            waiting=6,
            reported_at=timezone.now() - timedelta(days=2),
            expires_on=until,
        )

    response = compared(client, centre, shelter)

    assert cells(response, "Free now") == ["3 free places", ""]
    assert cells(response, "Waiting") == ["6 people waiting", ""]


def test_compare_by_profile_tells_unknown_from_inaccessible(client: Client, register):
    response = compared(client, *register, rest="&profile=wheelchair")

    assert cells(response, "To get in without steps") == ["yes", "", ""]
    assert cells(response, "In a wheelchair") == [
        "known to be accessible",
        "accessibility not known",
        "accessibility not known",
    ]
    assert cells(response, "To use the toilet") == ["no", "", ""]
    assert "checked on 5" in unescape(response.content.decode())


def test_compare_shows_quality_by_criterion_of_the_latest_evaluation(client: Client, register):
    centre, shelter, _bare = register
    indicators = indicator_set()
    code = indicators.definition["indicators"][0]["code"]
    for kind, total in (("internal", "50.00"), ("external", "82.50")):
        one = QualityEvaluation.objects.create(
            organisation=centre.organisation,
            kind=kind,
            hromada=centre.hromada if kind == "external" else None,
            state="published",
            period_from=date(2026, 1, 1),
            period_to=date(2026, 6, 30),
            indicators=indicators,
            total=total,
            grade="good",
            digest=f"{kind:0<64}",
            created_at=NOW,
            published_at=NOW,
        )
        IndicatorRating.objects.create(evaluation=one, code=code, value=total)

    response = compared(client, centre, shelter)

    name = indicators.definition["indicators"][0]["name_en"]
    assert cells(response, name) == ["82.50 %", ""]
    assert cells(response, "Evaluation of quality")[0].startswith("82.50 %")
