"""The desk of who orders services: whose it is, what it shows first, for whom it does not exist."""

from datetime import timedelta

import pytest

from procurement.entering import ORDERS
from procurement.enums import CompetitionState
from procurement.models import Competition, ServiceSpecification
from tests.commissioning.conftest import HOME
from tests.factories.accounts import make_official
from tests.factories.ordering import make_budget_act, make_commissioner, make_specification
from tests.factories.procurement import answer, make_call, make_closed, make_published, make_question

pytestmark = pytest.mark.django_db
PARTS = ("", "decision/", "about/", "lots/", "timetable/", "conditions/", "documents/", "form/", "check/")
RUNNING = ("", "questions/", "questions/1/")
STEPS = ("change/", "extend/", "cancel/")


@pytest.fixture
def draft(office) -> Competition:
    return make_call(user=office.official, now=office.now)


@pytest.fixture
def running(office) -> Competition:
    found = make_published(user=office.official, now=office.now - timedelta(days=2))
    make_question(found)
    return found


@pytest.fixture
def own(office, draft, running) -> list[str]:
    """Every address of the hromada's own things."""
    calls, body, one = f"{HOME}competitions/", make_commissioner(), make_specification()
    return [
        *(f"{calls}{draft.pk}/{path}" for path in PARTS),
        *(f"{calls}{running.pk}/{path}" for path in RUNNING),
        f"{HOME}bodies/{body.pk}/",
        f"{HOME}specifications/{one.pk}/",
    ]


LISTS = (HOME, f"{HOME}bodies/", f"{HOME}specifications/", f"{HOME}specifications/new/", f"{HOME}competitions/")


def test_own_pages_open(office, own):
    assert {address: office.client.get(address).status_code for address in (*LISTS, *own)} == dict.fromkeys(
        (*LISTS, *own), 200
    )


def test_pages_are_kept_by_no_cache(office, own):
    assert all("no-store" in office.client.get(address)["Cache-Control"] for address in (*LISTS, *own))


def test_another_hromadas_official_finds_nothing(office, own, sign_in):
    client = sign_in(office.users["neighbour"])

    assert {client.get(address).status_code for address in own} == {404}
    assert {client.post(address, {"title": "x"}).status_code for address in own} == {404, 405}
    assert {client.get(address).status_code for address in LISTS} == {200}
    assert {client.get(address, {"hromada": office.places.dykanska.code}).status_code for address in LISTS} == {404}


@pytest.mark.parametrize("who", ["provider", "registrar"])
def test_others_find_nothing(office, own, sign_in, who):
    client = sign_in(office.users[who])

    assert {client.get(address).status_code for address in (*LISTS, *own)} == {404}
    assert {client.post(address).status_code for address in (*LISTS, *own)} == {404}


def test_visitors_are_asked_to_sign_in(office, own, client):
    for address in (*LISTS, *own):
        assert client.get(address).url.startswith("/account/login/")


def test_official_without_a_second_factor_is_led_to_it(office, own, client):
    # a session made by the page of sign-in has no factor yet
    office.client.session.flush()
    client.force_login(office.official)
    session = client.session
    session.pop("second_factor_of", None)
    session.save()

    assert {client.get(address).url.split("?")[0] for address in own} == {"/account/second-factor/set-up/"}


def test_auditor_looks_on_and_changes_nothing(office, own, running, sign_in):
    client = sign_in(office.users["auditor"])
    code = office.places.dykanska.code
    before = [list(model.objects.order_by("pk").values()) for model in (Competition, ServiceSpecification)]

    assert {client.get(address).status_code for address in own} == {200}
    assert {client.get(address, {"hromada": code}).status_code for address in LISTS} == {200}
    assert {client.post(address, {"title": "x", "hromada": code}).status_code for address in (*LISTS, *own)} == {404}
    steps = [f"{HOME}competitions/{running.pk}/{path}" for path in STEPS]
    assert {client.get(address).status_code for address in steps} == {404}
    pages = "".join(client.get(address).content.decode() for address in own)
    assert "save-bar" not in pages
    assert [list(model.objects.order_by("pk").values()) for model in (Competition, ServiceSpecification)] == before


def listed(page) -> list[str]:
    return [unit.name for unit in (*page.context["busy"], *page.context["others"])]


def test_administrator_chooses_the_hromada(office, draft, sign_in):
    client = sign_in(office.users["administrator"])

    asked = client.get(f"{HOME}competitions/")
    assert asked.url == f"{HOME}?next=%2Fcabinet%2Fcommissioning%2Fcompetitions%2F"
    page = client.get(asked.url)
    assert page.templates[0].name == "commissioning/choose.html"
    code = office.places.dykanska.code
    chosen = client.get(HOME, {"hromada": code, "next": f"{HOME}competitions/"})
    assert chosen.url == f"{HOME}competitions/"
    assert draft.title in client.get(chosen.url).content.decode()


def test_chosen_hromada_leads_to_no_other_site(office, sign_in):
    client = sign_in(office.users["administrator"])

    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        page = client.get(HOME, {"hromada": office.places.dykanska.code, "next": elsewhere})
        assert page.status_code == 200


def test_official_of_several_hromadas_may_change_over(office, draft, sign_in):
    both = sign_in(make_official("commissioner", office.places.poltavska))

    asked = both.get(HOME)
    # where there is something to do stands first
    assert [unit.code for unit in asked.context["busy"]] == [office.places.dykanska.code]
    assert [unit.code for unit in asked.context["others"]] == [office.places.poltava_hromada.code]
    both.get(HOME, {"hromada": office.places.poltava_hromada.code})
    page = both.get(HOME)
    assert (page.context["hromada"], page.context["has_several"]) == (office.places.poltava_hromada, True)
    assert both.get(HOME, {"choose": "1"}).templates[0].name == "commissioning/choose.html"


def test_hromada_is_found_by_the_first_letters(office, sign_in):
    client = sign_in(office.users["administrator"])

    assert listed(client.get(HOME, {"choose": "1", "q": "дик"})) == ["Диканська"]
    assert client.get(HOME, {"choose": "1", "q": "\x00"}).status_code == 200
    assert client.get(HOME, {"hromada": "\x00"}).status_code == 404


def test_form_sent_for_another_hromada_than_the_remembered_one_goes_where_it_says(office, sign_in):
    both = sign_in(make_official("commissioner", office.places.poltavska))
    both.get(HOME, {"hromada": office.places.poltava_hromada.code})

    page = both.post(f"{HOME}bodies/new/", {"hromada": office.places.dykanska.code, "code": "x"})

    assert page.context["hromada"] == office.places.dykanska


# --- what is due -------------------------------------------------------------------------------------------------------


def test_desk_shows_what_is_due_first(office):
    closed = make_closed(user=office.official, now=office.now - timedelta(days=60), title="Притулок")
    due = (office.now - timedelta(days=3)).date()
    make_budget_act(now=office.now, kind="amended", number="7", adopted_on=due, decision_due_on=due)
    running = make_published(user=office.official, now=office.now - timedelta(days=2), title="Догляд")
    make_question(running)
    make_call(user=office.official, now=office.now, published_at=office.now + timedelta(days=1), title="Супровід")

    duties = office.client.get(HOME).context["duties"]

    told = [(duty.url.removeprefix(HOME), duty.state) for duty in duties]
    assert told[0] == (f"competitions/{closed.pk}/opening/", "late")
    assert told[1][1] == "late"
    assert (f"competitions/{running.pk}/questions/", "soon") in told
    assert len(told) == 5


def test_answered_question_is_no_duty_any_more(office):
    running = make_published(user=office.official, now=office.now - timedelta(days=2))
    answer(make_question(running), now=office.now)

    assert not any("questions" in duty.url for duty in office.client.get(HOME).context["duties"])


def test_desk_counts_no_proposals(office):
    make_published(user=office.official, now=office.now - timedelta(days=2), title="Догляд")

    page = office.client.get(HOME).content.decode().split("</main>")[0].split("<main")[1]

    assert "пропозиці" not in page.replace("приймання пропозицій", "").replace("хто оцінює пропозиції", "")


@pytest.mark.parametrize("number", [1, 3])
def test_desk_asks_the_same_number_of_queries_for_every_length(office, django_assert_num_queries, number):
    for _one in range(number):
        make_question(make_published(user=office.official, now=office.now - timedelta(days=2)))
        make_call(user=office.official, now=office.now)
    office.client.get(HOME)

    with django_assert_num_queries(16):
        page = office.client.get(HOME)

    assert len(page.context["running"]) == number
    assert all(one.state == CompetitionState.PUBLISHED for one in page.context["running"])


# --- the ways to the desk ------------------------------------------------------------------------------------------------


def test_bar_of_the_cabinet_leads_officials_to_the_desk(office, sign_in):
    assert f'href="{HOME}"' in office.client.get("/cabinet/").content.decode()
    assert office.client.session[ORDERS] == office.official.pk
    assert f'href="{HOME}"' not in sign_in(office.users["provider"]).get("/cabinet/").content.decode()


def test_admin_leads_officials_to_the_desk(office, sign_in):
    assert HOME in office.client.get("/admin/").content.decode()
    assert HOME not in sign_in(office.users["registrar"]).get("/admin/").content.decode()
