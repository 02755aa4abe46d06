"""One person with very many questions neither floods the officials nor holds every close."""

from datetime import timedelta

import pytest

from portal.kernel.workflow import StepRefused
from tests.factories.accounts import make_person
from tests.factories.ordering import NOW
from tests.factories.procurement import make_published, make_question

pytestmark = pytest.mark.django_db


def test_person_asks_so_often_a_day(settings):
    settings.QUESTIONS_A_DAY = 2
    competition, person = make_published(), make_person()
    for _round in range(2):
        make_question(competition, user=person, now=NOW + timedelta(hours=1))

    with pytest.raises(StepRefused):
        make_question(competition, user=person, now=NOW + timedelta(hours=2))
    make_question(competition, now=NOW + timedelta(hours=2))
    make_question(competition, user=person, now=NOW + timedelta(hours=26))
