"""A notice whose dates of the service have moved says the new ones everywhere, in its lots too."""

from datetime import date, timedelta

import pytest

from procurement.domain.calls import calling
from tests.factories.ordering import NOW, make_specification
from tests.factories.procurement import extend, last_version, make_call

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("own", "said"), [(None, "timetable"), (date(2027, 6, 1), "specification")], ids=["by the timetable", "its own"]
)
def test_lots_of_a_later_version_have_the_dates_of_that_version(own, said):
    draft = make_call()
    specification = make_specification(service_from=own, service_to=None)
    lot = {"title": "Догляд вдома", "specification": specification.pk, "ceiling": specification.ceiling}
    calling.set_lots(competition_id=draft.pk, user=draft.created_by, lots=[lot], now=NOW)
    competition = calling.publish(competition_id=draft.pk, user=draft.created_by, key="1", now=NOW)

    extended = extend(
        competition,
        timedelta(days=5),
        now=NOW + timedelta(days=1),
        service_from=competition.service_from + timedelta(days=5),
        service_to=competition.service_to + timedelta(days=5),
    )

    content = last_version(extended).content
    (told,) = content["lots"]
    assert told["service_to"] == content["dates"]["service_to"] == extended.service_to.isoformat()
    assert told["service_from"] == (content["dates"]["service_from"] if said == "timetable" else own.isoformat())
