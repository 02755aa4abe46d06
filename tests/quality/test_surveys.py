"""Surveys: one-time codes, anonymity, paper, closing, results in sum alone."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import RatingMethod, SurveyState
from procurement.domain.quality.ballots import answer_by_code, answer_on_paper, survey_of_code
from procurement.domain.quality.codes import make_codes
from procurement.domain.quality.content import content_of
from procurement.domain.quality.ratings import rate, survey_offers, take_from_survey
from procurement.domain.quality.results import offers_of, results_of, share_surveyed
from procurement.domain.quality.surveys import close_survey, close_what_is_over, keep_codes, open_survey
from procurement.models import SurveyBallot, SurveyCode
from tests.factories.quality import add_ballots, make_evaluation, make_survey, survey_form

pytestmark = pytest.mark.django_db
# thirty people: of most questions somebody is alone with the answer
MIXED = [(18, "yes"), (7, "rather-yes"), (3, "partly"), (2, "no")]


@pytest.fixture
def survey(house):
    return make_survey(make_evaluation(house.contract))


@pytest.fixture
def codes(house, survey):
    made = make_codes(3)
    keep_codes(survey_id=survey.pk, codes=made, user=house.official, now=house.now)
    return made


def close(house, survey):
    return close_survey(survey_id=survey.pk, user=house.official, now=house.now)


def test_survey_opens_once_until_a_day(house):
    evaluation = make_evaluation(house.contract)

    def ask(closes_on=date(2027, 8, 1)):
        return open_survey(
            evaluation_id=evaluation.pk,
            form_id=survey_form().pk,
            closes_on=closes_on,
            user=house.official,
            now=house.now,
        )

    with pytest.raises(StepRefused):
        ask(date(2027, 7, 14))
    assert ask() == ask()


@pytest.mark.databases
def test_code_is_kept_as_a_digest_and_used_once(house, survey, codes):
    assert not SurveyCode.objects.filter(digest__in=codes).exists()
    answer_by_code(code=codes[0], answers={"needs": "yes", "learned": "hromada", "other": "x"}, now=house.now)

    ballot = SurveyBallot.objects.get()
    assert ballot.answers == {"needs": "yes", "learned": "hromada"}
    assert survey_of_code(codes[0], house.now) is None
    assert survey_of_code(codes[1], house.now) == survey
    with pytest.raises(StepRefused):
        answer_by_code(code=codes[0], answers={"needs": "no"}, now=house.now)
    assert SurveyBallot.objects.count() == 1


def test_empty_answers_do_not_use_the_code_up(house, codes):
    for answers in ({}, {"needs": "perhaps"}, {"unknown": "yes"}):
        with pytest.raises(StepRefused):
            answer_by_code(code=codes[0], answers=answers, now=house.now)

    assert survey_of_code(codes[0], house.now)


def test_unknown_code_and_a_survey_that_is_over_take_nothing(house, survey, codes):
    with pytest.raises(StepRefused):
        answer_by_code(code=make_codes(1)[0], answers={"needs": "yes"}, now=house.now)
    later = house.now + timedelta(days=30)
    with pytest.raises(StepRefused):
        answer_by_code(code=codes[0], answers={"needs": "yes"}, now=later)
    assert survey_of_code(codes[0], later) is None


def test_ballots_keep_no_moment_no_order_and_no_code():
    names = {field.name for field in SurveyBallot._meta.get_fields()}

    assert names == {"id", "survey", "answers", "on_paper"}
    assert {field.name for field in SurveyCode._meta.get_fields()} == {"id", "survey", "digest", "is_used"}
    assert SurveyBallot._meta.ordering == ["id"]


@pytest.mark.databases
def test_rows_do_not_follow_the_order_of_answering(house, survey):
    made = make_codes(24)
    keep_codes(survey_id=survey.pk, codes=made, user=house.official, now=house.now)
    for place, code in enumerate(made):
        answer_by_code(code=code, answers={"needs": "yes" if place < 12 else "no"}, now=house.now)

    # the order in which the database itself has written the rows
    written = [row.answers["needs"] for row in SurveyBallot.objects.raw(_by_place())]
    assert sorted(written) == ["no"] * 12 + ["yes"] * 12
    assert written != ["yes"] * 12 + ["no"] * 12


def _by_place() -> str:
    from django.db import connection

    return f"SELECT * FROM procurement_surveyballot ORDER BY {'ctid' if connection.vendor == 'postgresql' else 'rowid'}"


@pytest.mark.databases
def test_closing_deletes_codes_and_writes_answers_anew(house, survey, codes):
    add_ballots(survey, 6, needs="yes")
    before = set(SurveyBallot.objects.values_list("pk", flat=True))

    assert close(house, survey).state == SurveyState.CLOSED
    assert not SurveyCode.objects.exists()
    assert SurveyBallot.objects.count() == 6
    assert not before & set(SurveyBallot.objects.values_list("pk", flat=True))
    assert LogEntry.objects.get(tag="procurement:survey:close").payload.count('"answers":6') == 1


def test_log_of_a_small_survey_has_no_number(house, survey):
    add_ballots(survey, 4, needs="yes")
    close(house, survey)

    assert '"answers":null' in LogEntry.objects.get(tag="procurement:survey:close").payload


def test_clock_closes_what_is_over(house, survey):
    assert close_what_is_over(now=house.now) == 0
    assert close_what_is_over(now=house.now + timedelta(days=20)) == 1
    assert close_what_is_over(now=house.now + timedelta(days=20)) == 0


@pytest.mark.databases
def test_paper_is_entered_once_by_who_evaluates(house, survey):
    key = uuid4()

    def enter(user):
        answer_on_paper(survey_id=survey.pk, key=key, answers={"needs": "yes"}, user=user, now=house.now)

    enter(house.official)
    enter(house.official)
    assert SurveyBallot.objects.get().on_paper
    with pytest.raises(PermissionDenied):
        enter(house.provider)


# --- results ---------------------------------------------------------------------------------------------------------


def test_nothing_is_told_while_the_survey_is_open(survey):
    add_ballots(survey, 30, needs="yes")

    assert results_of(survey).answers is None
    assert offers_of(survey) == {}


def test_nothing_is_told_of_four_answers(house, survey):
    add_ballots(survey, 4, needs="yes")
    closed = close(house, survey)

    assert results_of(closed).as_content() == {"answers": None, "questions": []}
    assert offers_of(closed) == {}


def test_results_hide_small_counts_and_the_mean_that_would_tell(house, survey):
    for number, answer in MIXED:
        add_ballots(survey, number, needs=answer, plan="yes", better="yes")
    add_ballots(survey, 5, needs="yes", plan="yes")
    closed = close(house, survey)
    results = results_of(closed)

    found = {one.code: one for one in results.questions}
    assert results.answers == 35
    assert {cell.code: cell.count for cell in found["needs"].cells} == {
        "yes": 23,
        "rather-yes": 7,
        "partly": None,
        "rather-no": 0,
        "no": None,
        "unsure": 0,
        "no-answer": 0,
    }
    assert found["needs"].value is None
    assert found["plan"].value == Decimal("100.00")
    # who left a question out is a group too
    assert {cell.code: cell.count for cell in found["better"].cells if cell.count != 0} == {"yes": 30, "no-answer": 5}


def test_indicator_beside_hidden_counts_is_said_in_steps(house, survey):
    for number, answer in MIXED:
        add_ballots(survey, number, needs=answer, attitude="yes", convenient="unsure")
    offers = offers_of(close(house, survey))

    # (18 × 100 + 7 × 75 + 3 × 50) ÷ 30 = 82.5
    assert (offers["targeting"].value, offers["targeting"].step) == (Decimal("80.00"), 10)
    assert (offers["dignity"].value, offers["dignity"].step) == (Decimal("100.00"), None)
    # «hard to say» has no value: there is nothing to say, and not zero
    assert "convenience" not in offers
    assert offers["dignity"].on == date(2027, 7, 14)


def test_ratings_are_taken_from_the_survey_and_not_invented(house, survey):
    for number, answer in MIXED:
        add_ballots(survey, number, needs=answer, attitude="yes")
    evaluation = close(house, survey).evaluation
    survey_value = survey_offers(evaluation)["dignity"].value

    assert take_from_survey(evaluation_id=evaluation.pk, user=house.official) == 2
    assert take_from_survey(evaluation_id=evaluation.pk, user=house.official) == 0
    rating = evaluation.ratings.get(code="dignity")
    assert (rating.value, rating.method) == (survey_value, RatingMethod.SURVEY)
    wrong = {"value": Decimal(99), "method": RatingMethod.SURVEY}
    with pytest.raises(StepRefused):
        rate(evaluation_id=evaluation.pk, code="dignity", values=wrong, user=house.official, now=house.now)
    with pytest.raises(StepRefused):
        rate(evaluation_id=evaluation.pk, code="complaints", values=wrong, user=house.official, now=house.now)


def test_share_surveyed_tells_of_no_small_group(house, survey):
    add_ballots(survey, 36, needs="yes")
    results = results_of(close(house, survey))

    assert [share_surveyed(results, people) for people in (100, 36, 38, 30, None)] == ["36", "100", None, None, None]


def test_frozen_content_has_no_count_under_five(house, survey):
    for number, answer in MIXED:
        add_ballots(survey, number, needs=answer)
    closed = close(house, survey)

    (told,) = content_of(closed.evaluation)["surveys"]
    counts = [number for question in told["questions"] for number in question["counts"].values()]
    assert [number for number in counts if number is not None and 0 < number < 5] == []
    assert told["answers"] == 30
