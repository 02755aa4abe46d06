"""What tests of the editors' part of the search share: the editor, rows that are typed, how a refusal is read."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from search.domain.promotions import save_promotion
from search.domain.synonyms import save_synonym
from search.models import Promotion, Synonym
from tests.factories.registry import make_catalogue

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
EDIT = {"administrator", "editor"}
READ = EDIT | {"auditor"}
TYPED = {
    "phrase": "сиділка",
    "kind": "service",
    "target": "home-care",
    "language": "uk",
    "weight": "0.8",
    "active": "on",
    "note": "",
}
PROMOTED = {
    "phrases": "виплати впо\nдопомога переселенцям",
    "title": "Виплати переселенцям",
    "text": "",
    "url": "/services/",
    "valid_from": "2026-11-01",
    "valid_to": "",
    "active": "on",
}


@pytest.fixture
def editor(desk):
    make_catalogue()
    return desk.clients["editor"]


def make_synonym(phrase="сиділка", **values):
    return save_synonym(
        Synonym(**{"phrase": phrase, "kind": "service", "target": "home-care", **values}), now=values.pop("now", NOW)
    )


def make_promotion(**values):
    plain = {"phrases": "впо", "title": "Виплати", "url": "/services/", "valid_from": TODAY}
    return save_promotion(Promotion(**{**plain, **values}))


def errors(response):
    return {
        name: [fault.code for fault in faults] for name, faults in response.context["form"].errors.as_data().items()
    }


def listed(client, name="desk_synonyms", field="phrase", **asked):
    return [getattr(row, field) for row in client.get(reverse(f"{name}:index"), asked).context["object_list"]]
