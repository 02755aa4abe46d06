"""The official's pages of needs and orders: one's own hromada alone, nothing lost on errors, all of it without scripts."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.second_factor import PASSED
from procurement.models import (
    BudgetAct,
    LackRefusal,
    NeedsAssessment,
    NeedsFigure,
    OrderDecision,
    OrderItem,
    Programme,
)
from tests.factories.accounts import give_second_factor, make_official, make_person
from tests.factories.orders import (
    make_budget_act,
    make_draft_decision,
    make_needs,
    make_taken_decision,
)
from tests.factories.registry import make_catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("in_march")]
BASE = "/en/cabinet/commissioning/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def desk(official, sign_in):
    return sign_in(official)


def text_of(response):
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body.replace("&nbsp;", " ").replace("\xa0", " ")).split())


def send(client, path, data=None, *, status=302):
    response = client.post(BASE + path, data or {})
    assert response.status_code == status, text_of(response)
    return response


def today():
    return timezone.localdate()


# --- a whole way -------------------------------------------------------------------------------------------------------


def test_official_goes_from_a_budget_act_to_a_published_decision(places, official, desk):
    words, year = make_catalogue(), today().year
    facts = {"kind": "adopted", "year": year, "adopted_on": f"{year - 1}-12-19", "number": "5", "url": "", "note": ""}
    send(desk, "budgets/new/", facts)
    act = BudgetAct.objects.get()
    draft_page = send(desk, f"budgets/{act.pk}/decide/")["Location"]
    decision = OrderDecision.objects.get()
    assert draft_page == f"{BASE}decisions/{decision.pk}/"
    assert "Before it can be published" in text_of(desk.get(draft_page))

    about = {"outcome": "order", "decided_on": f"{year}-01-02", "number": "17", "body": "Виконком"}
    send(desk, f"decisions/{decision.pk}/about/", about)
    item = {
        "service_type": words.home_care.pk,
        "group": words.older_people.pk,
        "channel": "social_order",
        "recipients": "1 200",
        "volume": "1 800,5",
        "unit": "година",
        "amount": "540 000,50",
    }
    send(desk, f"decisions/{decision.pk}/services/new/", item)
    send(desk, f"decisions/{decision.pk}/file/", {"file": SimpleUploadedFile("рішення.pdf", PDF)})
    assert "Before it can be published" not in text_of(desk.get(draft_page))
    assert "540,000.50 UAH" in text_of(desk.get(f"{draft_page}publish/"))
    send(desk, f"decisions/{decision.pk}/publish/")

    decision.refresh_from_db()
    row = decision.items.get()
    assert (decision.state, row.recipients, str(row.volume), str(row.amount)) == (
        "taken",
        1200,
        "1800.50",
        "540000.50",
    )
    public = Client().get(f"/en/orders/{places.dykanska.code}/").content.decode()
    assert "№ 17" in public
    assert Client().get(f"/files/{decision.document_id}/").status_code == 200


def test_official_enters_needs_row_by_row_and_publishes(places, official, desk):
    words = make_catalogue()
    send(desk, "needs/new/", {"as_of": f"{today().year}-01-01"})
    found = NeedsAssessment.objects.get()
    rows = f"needs/{found.pk}/"
    again = send(
        desk,
        f"{rows}groups/new/",
        {"group": words.older_people.pk, "persons": "1 120", "counted": "on_day", "more": "1"},
    )
    assert again["Location"] == f"{BASE}{rows}groups/new/"
    send(desk, f"{rows}groups/new/", {"label": "Діти", "persons": "", "counted": "over_year"})
    send(desk, f"{rows}services/new/", {"service_type": words.home_care.pk, "need": "40", "receive": "38"})
    figure = found.figures.first()
    send(desk, f"{rows}groups/{figure.pk}/", {"group": words.older_people.pk, "persons": "1121", "counted": "on_day"})
    send(desk, f"{rows}groups/{found.figures.last().pk}/remove/")
    send(desk, f"{rows}about/", {"as_of": f"{today().year}-01-01", "respondents": "112", "method": "Анкета."})
    check = text_of(desk.get(f"{BASE}{rows}publish/"))
    assert "Home care Need 40 Receive not shown Go without fewer than 5" in check
    send(desk, f"{rows}publish/")

    found.refresh_from_db()
    assert (found.state, found.respondents, [row.persons for row in found.figures.all()]) == ("published", 112, [1121])


def test_official_enters_programmes_and_refusals(places, official, desk):
    words = make_catalogue()
    programme = {
        "title": "Турбота",
        "year_from": "2026",
        "year_to": "2028",
        "act_number": "3",
        "act_on": "2025-12-01",
        "act_url": "",
    }
    send(desk, "programmes/new/", programme)
    found = Programme.objects.get()
    send(desk, f"programmes/{found.pk}/measures/new/", {"text": "Догляд", "year": "2027", "amount": "1 000,5"})
    send(desk, f"programmes/{found.pk}/measures/new/", {"text": "Догляд", "year": "2031"}, status=422)
    send(desk, f"programmes/{found.pk}/", {**programme, "title": "Турбота поруч"})
    send(desk, "refusals/new/", {"service_type": words.shelter.pk, "refused_on": str(today())})
    refusal = LackRefusal.objects.get()
    send(desk, f"refusals/{refusal.pk}/told/", {"told_on": str(today())})

    found.refresh_from_db()
    assert (found.title, str(found.measures.get().amount)) == ("Турбота поруч", "1000.50")
    assert LackRefusal.objects.get().told_on == today()
    send(desk, f"programmes/{found.pk}/measures/{found.measures.get().pk}/remove/")
    send(desk, f"programmes/{found.pk}/remove/")
    send(desk, f"refusals/{refusal.pk}/remove/")
    assert not Programme.objects.exists()
    assert not LackRefusal.objects.exists()


def test_correction_leads_through_a_draft(places, official, desk, act):
    decision = make_taken_decision(act, official)

    answer = send(desk, f"decisions/{decision.pk}/correct/", {"reason": "Не той номер."})
    draft = OrderDecision.objects.get(supersedes=decision)

    assert answer["Location"] == f"{BASE}decisions/{draft.pk}/"
    assert "This draft corrects a published decision: Не той номер." in text_of(desk.get(answer["Location"]))
    assert "A correction of this decision is in preparation" in text_of(desk.get(f"{BASE}decisions/{decision.pk}/"))
    send(desk, f"decisions/{draft.pk}/discard/")
    assert OrderDecision.objects.get() == decision


# --- mistakes ----------------------------------------------------------------------------------------------------------


def test_nothing_typed_is_lost_when_something_is_wrong(places, official, desk):
    typed = {
        "kind": "amended",
        "year": "20ХХ",
        "adopted_on": "31.02.2027",
        "number": "5 <b>",
        "url": "не адреса",
        "note": "Зміни до додатка 3",
    }
    response = send(desk, "budgets/new/", typed, status=422)
    body = response.content.decode()

    assert 'role="alert"' in body
    for field in ("year", "adopted_on", "url"):
        assert f'href="#id_{field}"' in body, field
    for value in ("20ХХ", "31.02.2027", "5 &lt;b&gt;", "не адреса", "Зміни до додатка 3"):
        assert value in body, value
    assert re.search(r'value="amended"[^>]*checked', body)
    assert not BudgetAct.objects.exists()


@pytest.mark.parametrize(
    ("path", "typed", "words"),
    [
        ("budgets/new/", {"adopted_on": "2099-01-01", "year": "2099"}, "later than today"),
        ("budgets/new/", {"year": "2031"}, "do not go together"),
        ("needs/new/", {"as_of": "2099-01-01"}, "not come yet"),
        ("refusals/new/", {"refused_on": "2099-01-01"}, "not come yet"),
        ("programmes/new/", {"year_to": "2020"}, "must not be earlier"),
    ],
)
def test_refusal_of_the_step_stands_above_the_form(places, official, desk, path, typed, words):
    whole = {
        "kind": "adopted",
        "year": "2026",
        "adopted_on": "2026-01-02",
        "number": "5",
        "service_type": make_catalogue().shelter.pk,
        "title": "Програма",
        "year_from": "2026",
        "year_to": "2027",
        "act_number": "1",
        "act_on": "2026-01-01",
        **typed,
    }

    assert words in text_of(send(desk, path, whole, status=422))


def test_wrong_file_is_refused_beside_its_field(places, official, desk, act):
    decision = make_draft_decision(act, official)

    response = send(desk, f"decisions/{decision.pk}/file/", {"file": SimpleUploadedFile("a.exe", b"MZ")}, status=422)

    assert 'href="#id_file"' in response.content.decode()


def test_draft_that_is_not_whole_is_not_published_and_says_why(places, official, desk, act):
    send(desk, f"budgets/{act.pk}/decide/")
    decision = OrderDecision.objects.get()

    send(desk, f"decisions/{decision.pk}/publish/")

    decision.refresh_from_db()
    assert decision.state == "draft"
    page = text_of(desk.get(f"{BASE}decisions/{decision.pk}/"))
    for words in ("Say whether services are ordered.", "Give the number of the decision.", "Say who decided."):
        assert words in page


def test_late_decision_is_announced_as_late_before_it_is_published(places, official, desk):
    act = make_budget_act(user=official, kind="amended", adopted_on=date(2026, 3, 2), year=2026)
    decision = make_draft_decision(act, official, decided_on=date(2026, 4, 8))

    page = text_of(desk.get(f"{BASE}decisions/{decision.pk}/publish/"))

    assert "It was due by 1 April 2026: the decision will be marked 7 days late." in page


# --- whose pages -------------------------------------------------------------------------------------------------------


def pages_of(official, act):
    """Return every page of one's own things, and those that only post."""
    make_needs(official)
    decision, published = make_draft_decision(act, official), make_needs(official, publish=False)
    item, figure = decision.items.get(), published.figures.first()
    need, refusal = (
        published.services.first(),
        LackRefusal.objects.create(
            hromada=act.hromada, service_type=item.service_type, refused_on=act.adopted_on, entered_at=timezone.now()
        ),
    )
    programme = Programme.objects.create(
        hromada=act.hromada,
        title="П",
        year_from=2027,
        year_to=2027,
        act_number="1",
        act_on=act.adopted_on,
        created_at=timezone.now(),
    )
    measure = programme.measures.create(text="Захід", year=2027)
    steps = ("", "about/", "file/", "file/remove/", "publish/", "correct/", "discard/")
    return [
        *(f"budgets/{act.pk}/{step}" for step in ("", "correct/")),
        *(f"decisions/{decision.pk}/{step}" for step in steps),
        *(f"decisions/{decision.pk}/services/{step}" for step in ("new/", f"{item.pk}/", f"{item.pk}/remove/")),
        *(f"needs/{published.pk}/{step}" for step in steps),
        *(f"needs/{published.pk}/groups/{step}" for step in ("new/", f"{figure.pk}/", f"{figure.pk}/remove/")),
        *(f"needs/{published.pk}/services/{step}" for step in ("new/", f"{need.pk}/", f"{need.pk}/remove/")),
        *(f"programmes/{programme.pk}/{step}" for step in ("", "remove/", "measures/new/")),
        *(f"programmes/{programme.pk}/measures/{measure.pk}/{step}" for step in ("", "remove/")),
        *(f"refusals/{refusal.pk}/{step}" for step in ("told/", "remove/")),
    ]


LISTS = [
    "budgets/",
    "budgets/new/",
    "needs/",
    "needs/new/",
    "programmes/",
    "programmes/new/",
    "refusals/",
    "refusals/new/",
]


def test_own_pages_open_and_those_of_another_hromada_do_not_exist(places, official, neighbour, act, sign_in):
    own, foreign = sign_in(official), sign_in(neighbour)
    pages = pages_of(official, act)

    assert {path: own.get(BASE + path).status_code for path in (*LISTS, *pages)} == dict.fromkeys((*LISTS, *pages), 200)
    assert {path: foreign.get(BASE + path).status_code for path in pages} == dict.fromkeys(pages, 404)
    assert {path: foreign.post(BASE + path).status_code for path in pages if path.count("/") > 2} == dict.fromkeys(
        [path for path in pages if path.count("/") > 2], 404
    )
    assert foreign.post(f"{BASE}budgets/{act.pk}/decide/").status_code == 404
    assert OrderItem.objects.count() == NeedsFigure.objects.count() - 3 == 1


@pytest.mark.parametrize("role", ["registrar", "approver", "editor"])
def test_other_officials_and_providers_have_no_such_pages(places, act, sign_in, role):
    for user in (make_official(role, places.dykanska), make_person()):
        client = sign_in(user)
        assert [client.get(BASE + path).status_code for path in LISTS] == [404] * len(LISTS)


def test_auditor_looks_on_and_sends_nothing(places, official, act, sign_in):
    auditor = sign_in(make_official("auditor"))
    decision = make_draft_decision(act, official)
    auditor.get(f"{BASE}budgets/?hromada={places.dykanska.code}")

    page = auditor.get(f"{BASE}decisions/{decision.pk}/")

    assert page.status_code == 200
    assert "Check and publish" not in text_of(page)
    assert auditor.post(f"{BASE}decisions/{decision.pk}/publish/").status_code == 404


def test_second_factor_is_asked_for_before_anything(places, official, act, sign_in):
    give_second_factor(official)
    client = sign_in(official)
    session = client.session
    del session[PASSED]
    session.save()

    answers = [client.get(BASE + path) for path in ("budgets/", "needs/", f"budgets/{act.pk}/")]

    assert {answer.status_code for answer in answers} == {302}
    assert [answer["Location"].partition("?")[0] for answer in answers] == [reverse("mfa_reauthenticate")] * 3


def test_anonymous_is_led_to_the_sign_in(places):
    assert "/account/login/" in Client().get(f"{BASE}budgets/")["Location"]


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("budgets/", 13), ("needs/", 8), ("programmes/", 10), ("refusals/", 9)])
def test_lists_ask_as_often_for_three_as_for_one(
    places, official, sign_in, path, queries, item_count, django_assert_num_queries
):
    for number in range(item_count):
        act = make_budget_act(
            user=official, kind="amended", adopted_on=date(2027, 1, 4) + number * timedelta(days=1), number="1"
        )
        make_taken_decision(act, official)
        make_needs(official)
        LackRefusal.objects.create(
            hromada=places.dykanska,
            service_type=make_catalogue().shelter,
            refused_on=act.adopted_on,
            entered_at=timezone.now(),
        )
        programme = Programme.objects.create(
            hromada=places.dykanska,
            title="П",
            year_from=2027,
            year_to=2027,
            act_number="1",
            act_on=act.adopted_on,
            created_at=timezone.now(),
        )
        programme.measures.create(text="Захід", year=2027, service_type=make_catalogue().shelter)
    client = sign_in(official)
    client.get(BASE + path)

    with django_assert_num_queries(queries):
        client.get(BASE + path)


def test_term_of_the_study_stands_with_its_reason_above_the_form(places, official, desk):
    found = make_needs(official, publish=False)

    page = text_of(desk.get(f"{BASE}needs/{found.pk}/about/"))

    assert "the study is carried out from 1 January 2027 to 15 June 2027." in page
    assert "The act fixes the dates: from 1 January 2027 to 15 June 2027." in page
