"""The news of a step: to everybody who asked for it and nobody else, a letter for each address, once, after the commit."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from procurement.domain.news import alert_news
from procurement.domain.news.alert_news import alerts_about
from procurement.domain.news.alerts import digest_of, stop_alert, stop_token
from procurement.models import Alert
from procurement.notifications import note_competition_step
from tests.factories.registry import make_catalogue, make_territories
from tests.news.announcing import CLOSES, LATER, NOW, announce, call_off, change, extend, make_announced

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

READER = "reader@mail.example"
_BEFORE = NOW - timedelta(days=9)


def make_alert(email=READER, **fields):
    key = f"{email}{Alert.objects.count()}"
    return Alert.objects.create(
        **{
            "email": email,
            "state": "active",
            "confirm_digest": digest_of(key),
            "stop_digest": digest_of(stop_token(digest_of(key))),
            "asked_at": _BEFORE,
            "confirmed_at": _BEFORE,
            **fields,
        }
    )


def send():
    """Let the worker do all there is."""
    while (done := deliver(timezone.now() + timedelta(days=1))).sent:
        assert done.failed == 0
    sent, mail.outbox[:] = list(mail.outbox), []
    return sent


# --- who gets it -----------------------------------------------------------------------------------------------------


def test_news_goes_to_those_whose_wishes_the_competition_answers():
    places, words = make_territories(), make_catalogue()
    competition = make_announced()
    followed = make_announced(hromada=places.odesa_hromada, service=words.shelter, group=None)
    wishes = {
        "all": {},
        "hromada": {"hromada": places.dykanska},
        "raion": {"hromada": places.poltavskyi_raion},
        "oblast": {"hromada": places.poltavska},
        "other-oblast": {"hromada": places.odeska},
        "service": {"service_type": words.home_care},
        "other-service": {"service_type": words.shelter},
        "group": {"group": words.older_people},
        "other-group": {"group": words.violence_survivors},
        "both": {"service_type": words.home_care, "group": words.older_people},
        "half": {"service_type": words.home_care, "group": words.violence_survivors},
        "this": {"competition": competition},
        "another": {"competition": followed},
        "asked": {"state": "asked", "confirmed_at": None},
        "late": {"confirmed_at": LATER},
    }
    for name, wish in wishes.items():
        make_alert(f"{name}@mail.example", **wish)

    announce(competition)

    told = sorted(letter.to[0].partition("@")[0] for letter in send())
    assert told == ["all", "both", "group", "hromada", "oblast", "raion", "service", "this"]


def test_service_and_group_are_asked_of_the_same_lot():
    words = make_catalogue()
    competition = make_announced()
    make_alert(service_type=words.home_care, group=words.violence_survivors)
    lots = [
        {"service_slug": "home-care", "group_slug": "older-people"},
        {"service_slug": "shelter", "group_slug": "violence-survivors"},
    ]

    assert not alerts_about(competition, {"lots": lots}).exists()
    assert alerts_about(competition, {"lots": [*lots, {**lots[1], "service_slug": "home-care"}]}).exists()


def test_address_gets_one_letter_however_many_of_its_wishes_are_met():
    competition = make_announced()
    make_alert()
    make_alert(hromada=competition.hromada)
    make_alert(competition=competition)

    announce(competition)

    assert [letter.to for letter in send()] == [[READER]]


def test_opening_is_told_to_those_who_follow_this_competition():
    competition = make_announced()
    make_alert("all@mail.example")
    make_alert("this@mail.example", competition=competition)
    competition.state, competition.closed_at, competition.opened_at = "opened", CLOSES, CLOSES
    competition.save()

    note_competition_step(competition=competition, step="open", now=CLOSES)

    assert [letter.to for letter in send()] == [["this@mail.example"]]


# --- what it says ----------------------------------------------------------------------------------------------------


def test_moved_deadline_is_one_letter_with_both_dates_and_a_way_to_stop():
    competition = make_announced()
    alert = make_alert(language="en")

    extend(competition)

    (letter,) = send()
    assert letter.subject == f"Competition № {competition.number} is extended"
    assert "8 March 2027, 18:00 (was: 1 March 2027, 18:00)" in letter.body
    assert "Мало часу на підготовку." in letter.body
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in letter.body
    assert stop.endswith(f"/en/alerts/stop/{stop_token(alert.confirm_digest)}/")
    assert send() == [], "and no other comes"


@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_step_has_its_letter(language):
    competition = make_announced()
    make_alert(language=language)

    announce(competition)
    change(competition)
    extend(competition)
    call_off(competition)

    letters = send()
    assert len({letter.subject for letter in letters}) == 4
    for letter in letters:
        assert competition.number in letter.body
        assert f"/competitions/{competition.number}/" in letter.body
    assert "Змінився бюджет." in letters[-1].body


# --- once, and only when it happened ---------------------------------------------------------------------------------


def test_step_told_twice_sends_once():
    competition = make_announced()
    make_alert()
    announce(competition)
    announce(competition)
    assert len(send()) == 1

    announce(competition)
    OutboxMessage.objects.filter(kind="competition-news").update(sent_at=None)
    assert send() == []


def test_rolled_back_step_sends_nothing():
    competition = make_announced()
    make_alert()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        extend(competition)
        raise ZeroDivisionError

    assert send() == []
    assert not OutboxMessage.objects.exists()


def test_many_readers_are_one_message_of_the_step_and_come_in_batches(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(alert_news, "BATCH", 3)
    competition = make_announced()
    for number in range(7):
        make_alert(f"reader{number}@mail.example")

    announce(competition)

    assert OutboxMessage.objects.count() == 1
    assert len({letter.to[0] for letter in send()}) == 7
    assert OutboxMessage.objects.filter(kind="competition-news").count() == 3


def test_batch_that_failed_in_the_middle_is_written_whole_the_next_time(monkeypatch):
    competition = make_announced()
    for number in range(3):
        make_alert(f"reader{number}@mail.example")
    announce(competition)
    written = alert_news.alert_letters.send_news
    calls = []

    def failing(key, alert, letter, token):
        calls.append(alert)
        if len(calls) == 2:
            raise OSError("диск заповнено")
        return written(key, alert, letter, token)

    monkeypatch.setattr(alert_news.alert_letters, "send_news", failing)
    assert deliver(timezone.now()).failed == 1
    assert OutboxMessage.objects.filter(kind="mail").count() == 0

    assert len(send()) == 3


def test_stopped_alert_gets_nothing_more():
    competition = make_announced()
    alert = make_alert()
    stop_alert(token=stop_token(alert.confirm_digest), now=NOW)

    announce(competition)

    assert send() == []


def test_new_secret_of_the_portal_makes_new_links_that_work(settings):
    competition = make_announced()
    alert = make_alert()
    settings.SECRET_KEY = "another-secret-of-the-portal"
    announce(competition)

    (letter,) = send()

    stop = letter.extra_headers["List-Unsubscribe"].strip("<>/").rpartition("/")[2]
    assert stop_alert(token=stop, now=NOW).pk == alert.pk


def test_nothing_of_the_reader_stays_once_the_letter_has_left():
    competition = make_announced()
    make_alert()
    announce(competition)
    send()

    assert READER not in str(list(OutboxMessage.objects.values()))
