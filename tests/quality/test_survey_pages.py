"""Pages of a survey: the code on a phone, codes and papers of those who evaluate, results that tell on nobody."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from procurement.domain.quality.codes import make_codes
from procurement.domain.quality.evaluations import publish
from procurement.domain.quality.surveys import close_survey, keep_codes
from procurement.models import SurveyBallot, SurveyCode
from tests.factories.quality import (
    NOW,
    add_ballots,
    make_evaluation,
    make_group,
    make_survey,
    rate_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]
AREA, LIST, SURVEY = "/en/cabinet/quality/", "/en/quality/", "/en/survey/"


def body(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def survey(house):
    return make_survey(make_evaluation(house.contract))


@pytest.fixture
def code(house, survey):
    (made,) = make_codes(1)
    keep_codes(survey_id=survey.pk, codes=[made], user=house.official, now=NOW)
    return made


def test_recipient_answers_without_account_or_cookie(survey, code):
    client = Client(enforce_csrf_checks=True)
    typed = f"{code[:4]} {code[4:8]}-{code[8:].lower()}"

    asked = client.post(SURVEY, {"code": typed})
    assert "Do the workers know what they are doing?" in body(asked)
    assert asked["Referrer-Policy"] == "no-referrer"
    thanks = client.post(SURVEY, {"code": code, "send": "1", "q-needs": "yes", "q-skill": "no"})
    assert "your answers are taken" in body(thanks)
    assert SurveyBallot.objects.get().answers == {"needs": "yes", "skill": "no"}
    assert not client.cookies
    assert client.post(SURVEY, {"code": code, "send": "1", "q-needs": "no"}).status_code == 422
    assert SurveyBallot.objects.count() == 1


def test_code_of_a_qr_opens_the_questions_and_an_empty_sheet_keeps_it(survey, code):
    assert "Survey" in body(Client().get(f"{SURVEY}?code={code}"))
    assert 'name="q-needs"' in body(Client().get(f"{SURVEY}?code={code}"))

    answer = Client().post(SURVEY, {"code": code, "send": "1"})

    assert answer.status_code == 422
    assert "Nothing is answered" in body(answer)
    assert SurveyCode.objects.filter(is_used=False).exists()


@pytest.mark.parametrize("typed", ["", "x", "0000-0000-0000", "\x00" * 5, "Ж" * 500])
def test_wrong_code_is_asked_for_again(db, typed):
    answer = Client().post(SURVEY, {"code": typed})

    assert answer.status_code in (200, 422)
    assert 'id="code"' in body(answer)


def test_codes_are_printed_once_and_papers_entered(house, survey, sign_in):
    client, at = sign_in(house.official), f"{AREA}{survey.evaluation_id}/survey/"

    sheet = client.post(f"{at}codes/", {"number": "3"})
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet["Cache-Control"] == "private, no-store"
    assert SurveyCode.objects.count() == 3
    assert client.post(f"{at}codes/", {"number": "900"}).status_code == 422
    assert client.get(f"{at}codes/").status_code == 405
    assert client.get(f"{at}form.pdf").content[:4] == b"%PDF"
    key = uuid4()
    for _press in range(2):
        assert client.post(f"{at}paper/", {"key": key, "q-needs": "yes"}).status_code == 302
    assert SurveyBallot.objects.get().on_paper
    assert client.post(f"{at}paper/", {"key": uuid4()}).status_code == 422
    assert client.post(f"{at}paper/", {"key": "x"}).status_code == 404


def test_survey_is_opened_and_closed_by_its_evaluators(house, sign_in):
    evaluation = make_evaluation(house.contract)
    client, at = sign_in(house.official), f"{AREA}{evaluation.pk}/survey/"
    form = client.get(at).context["form"].fields["form"].queryset.get()

    assert client.post(at, {"form": form.pk, "last_on": "2027-07-13"}).status_code == 422
    assert client.post(at, {"form": form.pk, "last_on": "2027-07-31"}).url == at
    survey = evaluation.surveys.get()
    assert survey.closes_on == date(2027, 8, 1)
    add_ballots(survey, 4, needs="yes")
    assert "fewer than five" in body(client.get(at))
    client.post(f"{at}close/")
    assert "nothing of their answers is shown" in body(client.get(at))


def test_published_survey_shows_no_small_number(house, survey):
    for number, answer in ((21, "yes"), (6, "rather-yes"), (3, "no")):
        add_ballots(survey, number, needs=answer)
    close_survey(survey_id=survey.pk, user=house.official, now=NOW)
    evaluation = survey.evaluation
    rate_all(evaluation)
    make_group(evaluation, house.official)
    publish(evaluation_id=evaluation.pk, user=house.official, now=NOW)

    page = Client().get(f"{LIST}{evaluation.pk}/")
    (line,) = page.context["page"].surveys
    needs = next(one for one in line.questions if one["text"] == "Does the service fit your needs?")
    assert [number for _words, number, _none in needs["cells"]] == [21, None, 0, 0, None, 0, 0]
    assert "30 people answered" in body(page)
