"""Pages: those who evaluate go through the whole, everybody reads what was published, strangers find nothing."""

import csv
import io
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from procurement.domain.quality.replies import reply
from procurement.models import QualityEvaluation
from tests.factories.accounts import make_official, make_person
from tests.factories.contracts import make_contract
from tests.factories.procurement import make_bidder
from tests.factories.quality import (
    NOW,
    indicator_set,
    make_evaluation,
    make_published,
    make_survey,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]
AREA, LIST, SURVEY = "/en/cabinet/quality/", "/en/quality/", "/en/survey/"


def body(answer):
    return " ".join(answer.content.decode().split())


# --- those who evaluate ----------------------------------------------------------------------------------------------


def test_official_goes_from_beginning_to_publication(house, sign_in):
    client = sign_in(house.official)
    about = {"period_from": "2026-01-01", "period_to": "2026-12-31"}
    sent = {**about, "contract": house.contract.number, "indicators": indicator_set().pk, "key": uuid4()}

    assert house.contract.number in body(client.get(f"{AREA}new/?kind=external"))
    made = client.post(f"{AREA}new/?kind=external", sent)
    evaluation = QualityEvaluation.objects.get()
    at = f"{AREA}{evaluation.pk}/"
    assert made.url == at
    assert "Nobody is named in the working group." in body(client.get(at))

    told = {**about, "act_number": "31-од", "act_on": "2027-01-25", "recipients": "40", "conclusion": "Якісно."}
    assert client.post(f"{at}about/", told).url == at
    for values in (
        {"name": "Коваль Олена", "body": "Управління", "is_head": "on"},
        {"name": "Мельник Ігор", "body": "ГО «Разом»", "is_civil_society": "on"},
    ):
        assert client.post(f"{at}group/", values).status_code == 302
    for row in evaluation.indicators.definition["indicators"]:
        values = {"value": "81,5", "method": "visit", "evidence": "Акт візиту", "evidence_on": "2027-03-01"}
        assert client.post(f"{at}ratings/{row['code']}/", values).url == f"{at}ratings/"
    assert "81.5" in body(client.get(f"{at}ratings/"))
    assert "What still stands in the way" not in body(client.get(f"{at}publish/"))

    assert client.post(f"{at}publish/").url == f"{LIST}{evaluation.pk}/"
    assert client.get(f"{at}about/").url == at
    page = body(Client().get(f"{LIST}{evaluation.pk}/"))
    assert "81.5" in page
    assert "Мельник Ігор" in page
    assert "The oldest evidence is of 1 March 2027" in page


def test_publication_names_all_gaps_and_does_nothing(house, sign_in):
    evaluation = make_evaluation(house.contract, conclusion="")
    client, at = sign_in(house.official), f"{AREA}{evaluation.pk}/publish/"

    page = body(client.get(at))
    assert page.count('href="/en/cabinet/quality/') > 11
    client.post(at)
    evaluation.refresh_from_db()
    assert evaluation.state == "draft"


def test_wrong_rating_stands_beside_its_field_and_nothing_is_lost(house, sign_in):
    evaluation = make_evaluation(house.contract)
    client, at = sign_in(house.official), f"{AREA}{evaluation.pk}/ratings/dignity/"

    answer = client.post(at, {"value": "101", "evidence": "Анкети", "evidence_on": "32.13.2027"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"value", "evidence_on"}
    assert "Анкети" in body(answer)
    assert client.get(f"{AREA}{evaluation.pk}/ratings/beauty/").status_code == 404


@pytest.mark.parametrize("place", ["about", "rating", "reply"])
def test_names_in_free_words_are_warned_of(house, sign_in, place):
    told = "Скаржилася Шевченко Марія Іванівна, телефон 050 123 45 67"
    if place == "reply":
        evaluation = make_published(house.contract, user=house.official)
        at, sent, field = f"{AREA}{evaluation.pk}/reply/", {"text": told, "key": uuid4()}, "text"
    else:
        evaluation = make_evaluation(house.contract, kind="internal")
        dates = {"period_from": "2026-01-01", "period_to": "2026-12-31"}
        where = {"about": ("about/", "conclusion"), "rating": ("ratings/dignity/", "evidence")}[place]
        at, field = f"{AREA}{evaluation.pk}/{where[0]}", where[1]
        sent = {**dates, field: told}

    answer = sign_in(house.provider).post(at, sent)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Шевченко Марія Іванівна" in body(answer)
    assert "words_confirmed" in body(answer)


def test_provider_evaluates_itself_and_replies_to_others(house, sign_in):
    evaluation = make_published(house.contract, user=house.official)
    client = sign_in(house.provider)
    sent = {
        "organisation": house.contract.contractor_id,
        "period_from": "2026-01-01",
        "period_to": "2026-12-31",
        "indicators": indicator_set().pk,
        "key": uuid4(),
    }

    assert client.post(f"{AREA}new/?kind=internal", sent).status_code == 302
    assert QualityEvaluation.objects.filter(kind="internal", hromada=None).count() == 1
    desk = body(client.get(AREA))
    assert "you may reply" in desk
    told = {"text": "Дякуємо, виправимо.", "key": uuid4()}
    assert client.post(f"{AREA}{evaluation.pk}/reply/", told).url == f"{LIST}{evaluation.pk}/"
    assert "Дякуємо, виправимо." in body(Client().get(f"{LIST}{evaluation.pk}/"))


def test_strangers_find_no_page_of_an_evaluation(house, sign_in):
    evaluation = make_evaluation(house.contract)
    make_survey(evaluation)
    _organisation, other_provider = make_bidder()
    pages = ("", "about/", "group/", "ratings/", "ratings/dignity/", "survey/", "survey/paper/", "publish/", "abandon/")

    for user in (make_person(), house.provider, other_provider):
        client = sign_in(user)
        for name in pages:
            assert client.get(f"{AREA}{evaluation.pk}/{name}").status_code == 404, name
            assert client.post(f"{AREA}{evaluation.pk}/{name}").status_code in (404, 405), name
    assert Client().get(f"{AREA}{evaluation.pk}/").status_code == 302
    assert Client().get(f"{LIST}{evaluation.pk}/").status_code == 404
    assert Client().get(f"{LIST}{evaluation.pk}/evaluation.json").status_code == 404


def test_auditor_looks_on_and_changes_nothing(house, sign_in):
    evaluation = make_evaluation(house.contract)
    client = sign_in(make_official("auditor"))

    for name in ("", "about/", "ratings/", "publish/"):
        assert client.get(f"{AREA}{evaluation.pk}/{name}").status_code == 200
        assert client.post(f"{AREA}{evaluation.pk}/{name}").status_code in (404, 405)


def test_unknown_kind_of_a_new_evaluation_leads_home(house, sign_in):
    assert sign_in(house.official).get(f"{AREA}new/?kind=other").url == AREA


# --- everybody -------------------------------------------------------------------------------------------------------


def test_list_filters_and_table_agree(house):
    first = make_published(house.contract, user=house.official)
    second = make_published(
        house.contract, user=house.official, period_from=date(2027, 1, 1), period_to=date(2027, 6, 30)
    )

    page = Client().get(LIST)
    assert [line.evaluation for line in page.context["lines"]] == [second]
    assert page.context["totals"]["evaluations"] == 1
    both = Client().get(f"{LIST}?superseded=1&year=2026&kind=external&hromada={house.contract.hromada.code}")
    assert [line.evaluation for line in both.context["lines"]] == [first]
    table = b"".join(Client().get(f"{LIST}export.csv?superseded=1").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["total_percent"], row["is_superseded"]) for row in rows] == [("80.00", "no"), ("80.00", "yes")]
    assert Client().get(f"{LIST}?grade=unsatisfactory").context["lines"] == []
    assert Client().get(f"{LIST}?hromada=x&year=1&kind=y&page=z&grade=%00").status_code == 200
    assert "A later evaluation takes its place" in body(Client().get(f"{LIST}{first.pk}/"))
    told = Client().get(f"{LIST}{second.pk}/evaluation.json").json()
    assert told["digest"] == second.digest


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_reads_no_more_for_more_rows(house, item_count, django_assert_num_queries):
    for number in range(item_count):
        contract = house.contract if not number else make_contract(created_by=house.official)
        make_published(contract, user=house.official)

    Client().get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(Client().get(LIST).context["lines"]) == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_desk_reads_no_more_for_more_rows(house, item_count, sign_in, django_assert_num_queries):
    for _number in range(item_count):
        make_evaluation(house.contract)
    client = sign_in(house.official)

    client.get(AREA)
    with django_assert_num_queries(DESK_QUERIES):
        assert len(client.get(AREA).context["desk"].drafts) == item_count


LIST_QUERIES, DESK_QUERIES = 7, 8


def test_pages_are_read_in_ukrainian_too(house):
    evaluation = make_published(house.contract, user=house.official)

    assert "Повага до гідності отримувача" in body(Client().get(f"/quality/{evaluation.pk}/"))
    assert timezone.is_aware(evaluation.published_at)


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_reads_no_more_for_more_replies(house, item_count, django_assert_num_queries):
    evaluation = make_published(house.contract, user=house.official)
    for _number in range(item_count):
        reply(evaluation_id=evaluation.pk, text="Дякуємо.", user=house.provider, key=uuid4(), now=NOW)

    with django_assert_num_queries(PAGE_QUERIES):
        assert len(Client().get(f"{LIST}{evaluation.pk}/").context["replies"]) == item_count


# three of them are the frame's, which keeps its links and notices for a minute
PAGE_QUERIES = 9


def test_document_is_printed_and_its_code_tells_of_a_later_one(house):
    first = make_published(house.contract, user=house.official)
    code = f"/en/verify/{first.code.code}/"

    printed = Client().get(f"{LIST}{first.pk}/evaluation.pdf")
    assert printed.content[:4] == b"%PDF"
    assert "No later evaluation has taken its place." in body(Client().get(code))
    make_published(house.contract, user=house.official, period_from=date(2027, 1, 1), period_to=date(2027, 6, 30))
    assert "A later evaluation takes its place" in body(Client().get(code))


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "x"])
def test_evaluation_that_is_none_is_not_found(db, number):
    for name in ("", "evaluation.json", "evaluation.pdf"):
        assert Client().get(f"{LIST}{number}/{name}").status_code == 404


def test_words_that_are_no_data_about_recipients_pass_when_confirmed(house, sign_in):
    evaluation = make_published(house.contract, user=house.official)
    client, at = sign_in(house.provider), f"{AREA}{evaluation.pk}/reply/"
    sent = {"text": "Голову групи Коваль Олену Іванівну повідомлено.", "key": uuid4()}

    form = client.post(at, sent).context["form"]
    assert client.post(at, {**sent, form.confirmed_name: form.words_digest}).status_code == 302
    assert evaluation.replies.count() == 1
