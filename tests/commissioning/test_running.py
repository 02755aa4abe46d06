"""A competition that runs: changed in the open, extended, answered, cancelled."""

from datetime import datetime, timedelta

import pytest

from portal.kernel.calendar import KYIV
from procurement.enums import CompetitionState
from procurement.models import Competition, Question
from tests.commissioning.calling import url
from tests.factories.procurement import make_call, make_closed, make_published, make_question
from tests.factories.rule_profiles import make_ground, make_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(office) -> Competition:
    return make_closed(user=office.official, now=office.now - timedelta(days=40))


def shown(client, address) -> dict:
    """What the form of a page holds, as a browser would send it back."""
    form = client.get(address).context["form"]
    return {bound.html_name: bound.value() or "" for bound in form}


# --- changing ---------------------------------------------------------------------------------------------------------


def test_running_page_tells_the_phase_and_not_how_many_proposals(office, running):
    page = office.client.get(url(running))

    assert page.templates[0].name == "commissioning/running.html"
    assert running.number in page.content.decode()


def test_change_is_looked_at_before_it_is_published(office, running):
    typed = shown(office.client, url(running, "change/"))
    typed |= {"requirements": "Досвід не менше року.", "ground": make_ground("change").pk, "reason": "За запитаннями."}

    look = office.client.post(url(running, "change/"), typed | {"look": "1"})

    assert [(change.old, change.new) for change in look.context["changes"]] == [
        ("Надавач соціальних послуг, відомості про якого внесено до Реєстру.", "Досвід не менше року.")
    ]
    running.refresh_from_db()
    assert running.version == 1
    done = office.client.post(url(running, "change/"), typed | {"publish": "1"})
    running.refresh_from_db()
    assert (done.url, running.version, running.requirements) == (url(running), 2, "Досвід не менше року.")


def test_change_without_a_change_says_so(office, running):
    typed = shown(office.client, url(running, "change/"))
    typed |= {"ground": make_ground("change").pk, "reason": "Нічого."}

    assert office.client.post(url(running, "change/"), typed | {"look": "1"}).context["changes"] == []
    answer = office.client.post(url(running, "change/"), typed | {"publish": "1"})

    assert answer.status_code == 422
    running.refresh_from_db()
    assert running.version == 1


def test_change_needs_ground_and_reason_and_loses_nothing(office, running):
    typed = shown(office.client, url(running, "change/")) | {"requirements": "Досвід не менше року."}

    answer = office.client.post(url(running, "change/"), typed | {"publish": "1"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"ground", "reason"}
    assert "Досвід не менше року." in answer.content.decode()


def test_change_near_the_end_asks_for_an_extension(office):
    make_profile(change_freeze=30)
    running = make_published(user=office.official, now=office.now - timedelta(days=2))
    page = office.client.get(url(running, "change/"))
    typed = shown(office.client, url(running, "change/"))
    typed |= {"requirements": "Інакше.", "ground": make_ground("change").pk, "reason": "За запитаннями."}

    answer = office.client.post(url(running, "change/"), typed | {"publish": "1"})

    assert page.context["bar"].sentence in page.content.decode()
    assert answer.context["form"].errors.keys() == {"closes_at"}
    assert "Інакше." in answer.content.decode()


def later(value: str, days: int) -> str:
    if "T" in value:
        return (datetime.fromisoformat(value) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
    return (datetime.fromisoformat(value) + timedelta(days=days)).strftime("%Y-%m-%d")


def test_extension_moves_dates_later(office, running):
    typed = {name: later(value, 7) if value and name not in {"ground", "reason"} else value
             for name, value in shown(office.client, url(running, "extend/")).items()}  # fmt: skip
    typed |= {"ground": make_ground("extension").pk, "reason": "Мало часу."}

    answer = office.client.post(url(running, "extend/"), typed)

    before = running.closes_at
    running.refresh_from_db()
    assert answer.url == url(running)
    assert running.closes_at.astimezone(KYIV).date() == (before + timedelta(days=7)).astimezone(KYIV).date()


def test_extension_backwards_is_refused_beside_the_date(office, running):
    typed = shown(office.client, url(running, "extend/"))
    typed |= {
        "closes_at": later(typed["closes_at"], -3),
        "ground": make_ground("extension").pk,
        "reason": "Мало часу.",
    }

    answer = office.client.post(url(running, "extend/"), typed)

    assert answer.status_code == 422
    assert "closes_at" in answer.context["form"].errors


def test_cancellation_needs_a_ground_and_ends_it(office, running):
    assert office.client.post(url(running, "cancel/"), {"reason": "Видатки зменшено."}).status_code == 422

    typed = {"reason": "Видатки зменшено.", "ground": make_ground("cancellation").pk}
    office.client.post(url(running, "cancel/"), typed)

    running.refresh_from_db()
    assert (running.state, running.end_reason) == (CompetitionState.CANCELLED, "Видатки зменшено.")
    assert "Видатки зменшено." in office.client.get(url(running)).content.decode()
    # the page of a step that is over leads to where it stands
    assert office.client.get(url(running, "change/")).url == url(running)
    assert office.client.post(url(running, "cancel/"), typed).url == url(running)


def test_competition_that_nobody_came_to_is_said_not_to_have_been_held(office, closed):
    answer = office.client.post(url(closed, "void/"), {"reason": "Ніхто.", "ground": make_ground("void").pk})

    closed.refresh_from_db()
    assert (answer.url, closed.state) == (url(closed), CompetitionState.VOID)


def test_ground_of_another_step_is_no_choice(office, running):
    answer = office.client.post(url(running, "cancel/"), {"reason": "x", "ground": make_ground("void").pk})

    assert answer.context["form"].errors.keys() == {"ground"}


# --- questions --------------------------------------------------------------------------------------------------------


def test_question_is_answered_in_the_open_and_nobody_says_who_asked(office, running):
    question = make_question(running)
    asker = question.asked_by

    page = office.client.get(url(running, "questions/"))
    assert [one.number for one in page.context["waiting"]] == [question.number]
    answer = office.client.post(url(running, f"questions/{question.number}/"), {"text": "Ні.", "answer": "1"})

    question.refresh_from_db()
    assert (answer.url, question.state, question.answer) == (url(running, "questions/"), "answered", "Ні.")
    content = page.content.decode() + office.client.get(url(running, "questions/")).content.decode()
    assert asker.last_name not in content
    assert asker.email not in content


def test_question_about_something_else_is_declined_with_a_reason(office, running):
    question = make_question(running)

    office.client.post(url(running, f"questions/{question.number}/"), {"text": "Це інше.", "decline": "1"})

    question.refresh_from_db()
    assert question.state == "declined"


def test_empty_answer_is_refused_and_a_second_one_too(office, running):
    question = make_question(running)
    address = url(running, f"questions/{question.number}/")

    assert office.client.post(address, {"text": " ", "answer": "1"}).status_code == 422
    office.client.post(address, {"text": "Ні.", "answer": "1"})
    second = office.client.post(address, {"text": "Так.", "answer": "1"})

    assert second.status_code == 422
    assert Question.objects.get().answer == "Ні."


def test_question_of_another_competition_is_not_there(office, running):
    other = make_published(user=office.official, now=office.now - timedelta(days=2))
    make_question(other)

    assert office.client.get(url(running, "questions/1/")).status_code == 404


# --- the desk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("", 11), ("questions/", 8), ("change/", 11), ("extend/", 10)])
def test_pages_ask_the_same_number_of_queries_for_any_number_of_questions(
    office, running, django_assert_num_queries, number, path, queries
):
    for _one in range(number):
        make_question(running)
    office.client.get(url(running, path))

    with django_assert_num_queries(queries):
        office.client.get(url(running, path))


def test_draft_has_no_steps_of_a_running_competition(office):
    draft = make_call(user=office.official, now=office.now)

    for path in ("change/", "extend/", "cancel/", "void/", "opening/"):
        assert office.client.get(url(draft, path)).url == url(draft)
    assert office.client.get(url(draft, "questions/")).status_code == 404
