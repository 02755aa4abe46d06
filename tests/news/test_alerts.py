"""News without an account: asked for, confirmed from the letter, stopped in one click; nobody learns who gets it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from procurement.domain.news.alerts import (
    About,
    AlertUnknown,
    TooManyAlertsError,
    alert_to_confirm,
    ask_for_news,
    confirm_alert,
    digest_of,
    forget_alerts,
    stop_alert,
    stop_token,
)
from procurement.models import Alert
from registry.queries import memory
from tests.factories.registry import make_catalogue, make_territories
from tests.news.announcing import NOW, make_announced

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

READER = "reader@mail.example"
HOME = "203.0.113.7"
DAY = timedelta(days=1)
LINK = re.compile(rf"{re.escape(settings.PORTAL_BASE_URL.rstrip('/'))}(/(?:en/)?alerts/(?:confirm|stop)/\S+/)")


@pytest.fixture(autouse=True)
def world():
    memory.forget()
    yield make_territories(), make_catalogue()
    memory.forget()


def ask(*, email=READER, about=None, address=HOME, now=NOW, language="uk"):
    ask_for_news(email=email, about=about or About(), language=language, address=address, now=now)


def letters():
    return list(OutboxMessage.objects.filter(kind="mail").order_by("pk"))


def link(place=-1):
    return LINK.search(letters()[place].payload["text"])[1]


def token(place=-1):
    return link(place).rstrip("/").rpartition("/")[2]


def confirmed(**asked):
    ask(**asked)
    return confirm_alert(token=token(), now=asked.get("now", NOW))


def page_of(response):
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


# --- asking and confirming -------------------------------------------------------------------------------------------


def test_alert_is_asked_for_confirmed_and_stopped_by_its_letters(client: Client):
    places, words = make_territories(), make_catalogue()
    asked = {"email": f" {READER.upper()} ", "service": "home-care", "oblast": places.poltavska.code}

    response = client.post("/alerts/", {**asked, "hromada": places.dykanska.code})

    assert (response.status_code, response.url) == (302, "/alerts/asked/")
    assert client.get(response.url).status_code == 200
    alert = Alert.objects.get()
    assert (alert.email, alert.state, alert.hromada, alert.service_type) == (
        READER,
        "asked",
        places.dykanska,
        words.home_care,
    )
    address = link()
    assert client.get(address).status_code == 200
    assert Alert.objects.get().state == "asked", "looking confirms nothing: mail scanners look too"
    assert client.post(address, follow=True).status_code == 200
    assert Alert.objects.get().state == "active"
    assert READER in page_of(client.get(address))

    stop = f"/alerts/stop/{stop_token(alert.confirm_digest)}/"
    assert client.get(stop).status_code == 200
    assert Alert.objects.get().state == "active"
    assert client.post(stop).status_code == 200
    assert (Alert.objects.get().state, Alert.objects.get().email) == ("stopped", "")
    assert client.post(stop).status_code == 200, "a second click says the same"


def test_tokens_stand_in_no_table_and_leave_the_outbox_with_the_letter(mailoutbox):
    alert = confirmed()
    key = token()

    assert key not in str(list(Alert.objects.values()))
    assert stop_token(alert.confirm_digest) not in str(list(Alert.objects.values()))
    deliver(timezone.now() + DAY)
    assert key in mailoutbox[0].body
    assert key not in str(list(OutboxMessage.objects.values()))
    assert READER not in str(list(OutboxMessage.objects.values()))


def test_answer_is_the_same_for_a_known_address(client: Client):
    confirmed()
    known = client.post("/alerts/", {"email": READER})
    unknown = client.post("/alerts/", {"email": "other@mail.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Alert.objects.filter(email=READER).count() == 1


def test_reader_who_has_the_news_already_is_told_so_once_a_day():
    confirmed()
    for _time in range(3):
        ask()
    told = letters()
    ask(now=NOW + DAY)

    assert len(told) == 2
    assert "List-Unsubscribe" in told[1].payload["headers"]
    assert len(letters()) == 3


def test_address_gets_few_letters_a_day_whoever_asks():
    for number in range(settings.ALERT_LETTERS_A_DAY + 2):
        ask(address=f"203.0.113.{number}")

    assert len(letters()) == settings.ALERT_LETTERS_A_DAY
    ask(now=NOW + DAY)
    assert len(letters()) == settings.ALERT_LETTERS_A_DAY + 1


def test_network_asks_so_often_a_day(client: Client, settings):
    settings.ALERTS_A_DAY = 2
    for number in range(2):
        ask(email=f"reader{number}@mail.example")
    with pytest.raises(TooManyAlertsError):
        ask(email="third@mail.example")
    ask(email="third@mail.example", address="198.51.100.1")
    ask(email="fourth@mail.example", now=NOW + DAY)

    for number in range(2):
        assert client.post("/alerts/", {"email": f"page{number}@mail.example"}).status_code == 302
    refused = client.post("/alerts/", {"email": "page3@mail.example", "service": "home-care"})
    assert refused.status_code == 429
    assert refused["Retry-After"] == "86400"
    assert "page3@mail.example" in page_of(refused)


def test_link_works_for_a_time_and_only_whole(client: Client):
    ask()
    late = NOW + settings.ALERT_LIFE

    assert alert_to_confirm(token(), now=late - timedelta(seconds=1)).email == READER
    for wrong, now in ((token(), late), (token()[:-1], NOW), ("x", NOW)):
        with pytest.raises(AlertUnknown):
            confirm_alert(token=wrong, now=now)
    assert client.get("/alerts/confirm/nonsense/").status_code == 404
    assert client.post("/alerts/stop/nonsense/").status_code == 404


def test_confirming_twice_changes_nothing_and_a_stopped_one_is_not_begun_again():
    alert = confirmed()
    key = token()
    assert confirm_alert(token=key, now=NOW + DAY).confirmed_at == NOW
    stop_alert(token=stop_token(alert.confirm_digest), now=NOW)

    with pytest.raises(AlertUnknown):
        confirm_alert(token=key, now=NOW)


def test_unconfirmed_and_stopped_alerts_are_forgotten():
    ask(email="never@mail.example")
    kept = confirmed(email="kept@mail.example")
    gone = confirmed(email="gone@mail.example")
    stop_alert(token=stop_token(gone.confirm_digest), now=NOW)

    assert forget_alerts(now=NOW + settings.ALERT_LIFE) == 1
    assert forget_alerts(now=NOW + settings.LETTERS_KEPT) == 1
    assert Alert.objects.get() == kept
    assert Alert.objects.get().sender == ""
    assert forget_alerts(now=NOW + settings.LETTERS_KEPT) == 0


# --- stopping --------------------------------------------------------------------------------------------------------


def test_button_of_a_mail_program_stops_at_once_without_a_page(client: Client):
    alert = confirmed()
    program = Client(enforce_csrf_checks=True)

    response = program.post(
        f"/alerts/stop/{stop_token(alert.confirm_digest)}/",
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 200
    assert Alert.objects.get().state == "stopped"


def test_all_letters_of_an_address_stop_by_one_button(client: Client):
    words = make_catalogue()
    one = confirmed()
    confirmed(about=About(service_id=words.shelter.pk))
    confirmed(email="other@mail.example")
    address = f"/alerts/stop/{stop_token(one.confirm_digest)}/"

    assert 'name="all"' in page_of(client.get(address))
    client.post(address, {"all": "1"})

    assert list(Alert.objects.exclude(state="stopped").values_list("email", flat=True)) == ["other@mail.example"]


def test_the_same_news_asked_for_twice_stops_together():
    ask()
    ask()
    first, second = token(0), token(1)
    one = confirm_alert(token=first, now=NOW)
    confirm_alert(token=second, now=NOW)

    stop_alert(token=stop_token(one.confirm_digest), now=NOW)

    assert set(Alert.objects.values_list("state", flat=True)) == {"stopped"}


def test_stopped_alert_keeps_no_address():
    alert = confirmed()
    with pytest.raises(IntegrityError, match="alert_stopped_keeps_no_address"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(state="stopped", stopped_at=NOW)
    with pytest.raises(IntegrityError, match="alert_stamps"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(confirmed_at=None)


def test_digest_is_of_the_token_alone():
    assert len(digest_of("x")) == 64
    assert stop_token("a") != stop_token("b")


# --- the form --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said", "target"),
    [
        ({"email": ""}, "Your e-mail", "f-email"),
        ({"email": "no address"}, "Enter a valid email address.", "f-email"),
        ({"service": "nonsense"}, "Select a valid choice", "f-service"),
        ({"website": "https://spam.example"}, "only robots fill it in", "f-website"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_lost(client: Client, typed, said, target):
    response = client.post("/en/alerts/", {"email": READER, "group": "older-people", **typed})

    page = page_of(response)
    assert response.status_code == 422
    assert said in page
    assert f'href="#{target}"' in page
    assert '<option value="older-people" selected>' in page
    assert Alert.objects.count() == 0


def test_hromadas_of_the_oblast_come_without_a_script(client: Client):
    places = make_territories()
    shown = page_of(client.post("/alerts/", {"oblast": places.poltavska.code, "email": READER, "places": "1"}))

    assert f'<option value="{places.dykanska.code}">' in shown
    assert f'value="{READER}"' in shown
    assert Alert.objects.count() == 0


def test_form_is_filled_in_from_the_address_of_the_list(client: Client):
    places = make_territories()
    page = page_of(client.get(f"/alerts/?service=home-care&hromada={places.dykanska.code}&group=nonsense"))

    for value in ("home-care", places.dykanska.code, places.poltavska.code):
        assert f'<option value="{value}" selected>' in page
    # an address in the address of a page would stand in logs
    assert f'value="{READER}"' not in page_of(client.get(f"/alerts/?email={READER}"))


def test_news_of_one_competition_is_asked_for(client: Client):
    competition = make_announced()
    assert competition.title in page_of(client.get(f"/alerts/?competition={competition.number}"))
    assert client.get("/alerts/?competition=2020-99999").status_code == 200

    client.post("/alerts/", {"email": READER, "competition": competition.number, "service": "home-care"})

    alert = Alert.objects.get()
    assert (alert.competition, alert.service_type) == (competition, None)
    assert competition.number in letters()[-1].payload["text"]


@pytest.mark.parametrize("name", ["service", "oblast", "hromada", "competition", "email"])
def test_form_survives_strange_input(client: Client, name):
    for value in ("\x00", "ї" * 3_000, "' OR 1=1 --"):
        assert client.get("/alerts/", {name: value}).status_code == 200
        assert client.post("/alerts/", {"email": "no address", name: value}).status_code == 422


def test_a_hromada_of_another_oblast_is_left_aside(client: Client):
    places = make_territories()
    client.post("/alerts/", {"email": READER, "oblast": places.odeska.code, "hromada": places.dykanska.code})

    assert Alert.objects.get().hromada == places.odeska


def test_letters_speak_the_language_in_which_they_were_asked_for(client: Client):
    client.post("/en/alerts/", {"email": READER})

    assert link().startswith("/en/alerts/confirm/")
    assert letters()[-1].payload["subject"] == "Confirm that you want news of competitions"


def test_pages_with_keys_are_kept_by_nobody(client: Client):
    ask()
    response = client.get(link())

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]
