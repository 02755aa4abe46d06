"""Free places: one tap by whoever speaks for the provider, a date beside the figure, and "not known" when it is old."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain.availability import report_availability
from registry.domain.records import ServiceRecord
from registry.enums import ServiceStanding
from registry.models import Availability, EntryChange, RegisterEntry, Service
from tests.factories.accounts import make_person
from tests.factories.freshness import make_rule, make_speaker
from tests.factories.registry import NOW, make_catalogue, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
DAY = timedelta(days=1)
PAGE = "/cabinet/availability/"


@pytest.fixture
def entry():
    make_rule()
    shelter = make_catalogue().shelter
    make_rule(shelter, availability_expires=3)
    return make_provider(services=[ServiceRecord(shelter.pk, capacity=10, capacity_on=date(2026, 11, 1))])


@pytest.fixture
def service(entry):
    return Service.objects.get(entry=entry)


@pytest.fixture
def speaker(entry, client):
    person = make_speaker(entry)
    client.force_login(person)
    return person


def say(service, user, places=3, now=NOW, **facts):
    values = {"waiting": None, "assessment_first": False, **facts}
    return report_availability(service_id=service.pk, user=user, free_places=places, now=now, **values)


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


# --- saying ------------------------------------------------------------------------------------------------------------


def test_word_holds_for_the_days_of_the_rule_and_bumps_the_revision_alone(entry, service, speaker):
    before = (EntryChange.objects.count(), LogEntry.objects.count(), entry.version, entry.revision)

    row = say(service, speaker)

    entry.refresh_from_db()
    assert (row.free_places, row.reported_by, row.expires_on) == (3, speaker, NOW.date() + 3 * DAY)
    assert (EntryChange.objects.count(), LogEntry.objects.count(), entry.version) == before[:3]
    assert entry.revision > before[3]


def test_only_who_speaks_for_the_provider_says(service):
    with pytest.raises(PermissionDenied):
        say(service, make_person())

    assert Availability.objects.count() == 0


def test_more_than_there_are_is_refused(service, speaker):
    with pytest.raises(StepRefused, match="10"):
        say(service, speaker, 11)


def test_suspended_service_has_no_free_places(service, speaker):
    Service.objects.update(standing=ServiceStanding.SUSPENDED, standing_ground="тест")

    with pytest.raises(StepRefused):
        say(service, speaker)


def test_nothing_is_said_where_the_table_does_not_say_how_long_it_holds(speaker):
    entry = make_provider()
    person = make_speaker(entry)
    service = Service.objects.get(entry=entry)
    service.service_type.freshness_rule = None
    from registry.models import FreshnessRule

    FreshnessRule.objects.all().delete()

    with pytest.raises(StepRefused):
        say(service, person)


# --- showing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"places": 1}, "<b>1 free place</b>"),
        ({"places": 3, "waiting": 5}, "<b>3 free places</b>, 5 people waiting"),
        # so few people are not told
        ({"places": 3, "waiting": 4}, "<b>3 free places</b> <span"),
        ({"places": 0, "assessment_first": True}, "<b>no free places</b>, needs are assessed first"),
        ({"places": None}, "<dt>Free now</dt><dd> not known"),
        ({"places": 3, "now": timezone.now() - 4 * DAY}, "last said on"),
    ],
)
def test_card_and_page_of_the_service_say_it_with_its_day(client: Client, entry, service, speaker, facts, words):
    say(service, speaker, **{"now": timezone.now(), **facts})

    for address in (f"/en/registry/{entry.number}/", "/en/services/shelter/"):
        page = page_of(client, address)
        assert words.removeprefix("<dt>Free now</dt><dd> ") in page, address
        if facts.get("places") is None:
            assert "free place" not in page.replace("Free places", "")


def test_card_that_says_nothing_of_free_places_says_not_known(client: Client, entry):
    assert "<dt>Free now</dt><dd> not known </dd>" in page_of(client, f"/en/registry/{entry.number}/").replace(
        "not known</dd>", "not known </dd>"
    ).replace("<dd>not", "<dd> not")


# --- the page ----------------------------------------------------------------------------------------------------------


def press(client, service, say, **data):
    return client.post(f"/en{PAGE}", {"service": service.pk, "say": say, **data})


def test_buttons_lead_to_a_number_so_that_a_second_press_changes_nothing(client: Client, service, speaker):
    say(service, speaker, now=timezone.now())
    page = client.get(f"/en{PAGE}").content.decode()
    assert 'name="say" value="2"' in page
    assert 'name="say" value="4"' in page

    for _ in range(2):
        response = press(client, service, "4")

    assert (response.status_code, response["Location"]) == (302, f"/en{PAGE}#s-{service.pk}")
    assert Availability.objects.get().free_places == 4


@pytest.mark.parametrize(("pressed", "places"), [("0", 0), ("unknown", None), ("1", 1)])
def test_one_tap_says_it(client: Client, service, speaker, pressed, places):
    assert press(client, service, pressed).status_code == 302

    assert Availability.objects.values_list("free_places", "expires_on").get() == (
        places,
        timezone.localdate() + 3 * DAY,
    )


def test_number_queue_and_assessment_are_written_together(client: Client, service, speaker):
    press(client, service, "exact", places="7", waiting="4", assessment_first="on")

    assert Availability.objects.values_list("free_places", "waiting", "assessment_first").get() == (7, 4, True)


def test_buttons_stop_at_zero_and_at_the_places_there_are(client: Client, service, speaker):
    say(service, speaker, 0, now=timezone.now())
    assert "One less" not in page_of(client, f"/en{PAGE}")
    say(service, speaker, 10, now=timezone.now())
    assert "One more" not in page_of(client, f"/en{PAGE}")


@pytest.mark.parametrize(
    "data",
    [
        {"say": "exact", "places": "багато"},
        {"say": "exact", "places": "-1"},
        {"say": "exact", "places": ""},
        {"say": "exact", "places": "99999999999999999999"},
        {"say": "exact", "places": "11"},
        {"say": "11"},
        {"say": "-1"},
        {"say": "²"},
        {"say": "exact", "places": "2", "waiting": "хтось"},
        {},
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(client: Client, service, speaker, data):
    response = client.post(f"/en{PAGE}", {"service": service.pk, **data})

    page = response.content.decode()
    assert response.status_code == 422
    assert "error-summary" in page
    assert Availability.objects.count() == 0
    if data.get("places"):
        assert f'value="{data["places"]}"' in page


def test_script_gets_the_form_alone(client: Client, service, speaker):
    for data in ({"say": "5"}, {"say": "exact", "places": "багато"}):
        response = client.post(PAGE, {"service": service.pk, **data}, headers={"HX-Request": "true"})
        assert response.status_code == 200
        assert response.content.decode().count("<section") == 1
        assert "<html" not in response.content.decode()


def test_others_services_are_not_there(client: Client, service):
    assert client.get(PAGE).status_code == 302
    stranger = make_speaker(make_provider())
    client.force_login(stranger)

    assert f'id="s-{service.pk}"' not in client.get(PAGE).content.decode()
    for key in (service.pk, 0, "x", 10**12):
        assert client.post(PAGE, {"service": key, "say": "1"}).status_code == 404
    assert Availability.objects.count() == 0


def test_person_without_organisations_is_told_so(client: Client):
    client.force_login(make_person())

    assert "There is no service in the register that you may speak for." in page_of(client, f"/en{PAGE}")


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_as_often_for_three_services_as_for_one(client: Client, item_count, django_assert_num_queries):
    make_rule()
    words = make_catalogue()
    kinds = [words.home_care, words.shelter, words.counselling][:item_count]
    entry = make_provider(services=[ServiceRecord(kind.pk) for kind in kinds])
    person = make_speaker(entry)
    for service in Service.objects.filter(entry=entry):
        say(service, person, now=timezone.now())
    client.force_login(person)
    client.get(PAGE)

    with django_assert_num_queries(5):
        client.get(PAGE)
    assert RegisterEntry.objects.count() == 1
