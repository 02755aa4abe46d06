"""Hostile values in every form of the desk: an error beside the field or a kept value, never a fault of the server."""

import pytest

from procurement.models import Commissioner
from tests.commissioning.conftest import HOME
from tests.factories.ordering import make_budget_act, make_order_decision, make_specification
from tests.factories.procurement import make_call, make_published

STRANGE = {
    "nul": "a\x00b",
    "long": "ю" * 300_000,
    "controls": "x\x08\x0b\x1f\ufffe\r\nBcc: evil@example.org",
    "negative": "-1",
    "nan": "NaN",
    "huge": "1e999",
    "tiny": "1e-999999",
    "year zero": "0000-01-01",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "long year": "99999-01-01",
    "arabic digits": "٢٠٢٧",
    "superscript": "²",
    "many digits": "9" * 5000,
    "surrogate": "\udc80".encode("utf-8", "surrogatepass").decode("latin-1"),
    "list": "[1]",
}


def _forms(office):
    """Return each address of the desk that takes a form, with the fields it takes."""
    user, now = office.official, office.now
    draft = make_call(user=user, now=now)
    running = make_published(user=user, now=now)
    act, decision = make_budget_act(now=now), make_order_decision(now=now)
    body, specification = Commissioner.objects.get(), make_specification(now=now)
    points = ["published_at", "opens_at", "questions_until", "closes_at", "hold_until", "opening_at", "evaluated_on"]
    points += ["award_on", "results_on", "contract_on", "service_from", "service_to"]
    words = ["title", "legal_ground", "budget_limit", "requirements", "documents_note", "submission_note"]
    words += ["opening_place", "contact_name", "contact_phone", "contact_email", "ground", "reason"]
    return {
        "bodies/new/": ["code", "name", "address", "phone", "email", "website", "hromada"],
        f"bodies/{body.pk}/": ["address", "phone", "email", "website"],
        "specifications/new/": ["group", "service_type", "delivery_form", "item"],
        f"specifications/{specification.pk}/": [
            *("title", "group", "content", "categories", "recipients", "volume", "unit", "place", "service_from"),
            *("service_to", "standard", "standard_url", "quality", "tariff", "tariff_act", "ceiling"),
        ],
        "competitions/new/": ["procedure", "commissioner", "decision", "title"],
        f"competitions/{draft.pk}/decision/": ["decision"],
        f"competitions/{draft.pk}/about/": ["title", "legal_ground", "budget_limit"],
        f"competitions/{draft.pk}/lots/": [
            *("lot-TOTAL_FORMS", "lot-INITIAL_FORMS", "lot-0-specification", "lot-0-title", "lot-0-ceiling"),
        ],
        f"competitions/{draft.pk}/timetable/": points,
        f"competitions/{draft.pk}/conditions/": words[3:10],
        f"competitions/{draft.pk}/documents/": ["title", "file"],
        f"competitions/{draft.pk}/documents/detach/": ["row"],
        f"competitions/{draft.pk}/form/": ["form", "rubric"],
        f"competitions/{draft.pk}/announce/": ["key"],
        f"competitions/{running.pk}/change/": [*words, *points],
        f"competitions/{running.pk}/extend/": ["ground", "reason", *points],
        f"competitions/{running.pk}/cancel/": ["ground", "reason"],
        "budgets/new/": ["kind", "year", "adopted_on", "number", "url", "note"],
        f"budgets/{act.pk}/correct/": ["kind", "year", "adopted_on", "number", "url", "note", "reason"],
        f"decisions/{decision.pk}/correct/": ["reason"],
        "needs/new/": ["as_of"],
        "programmes/new/": ["title", "year_from", "year_to", "act_number", "act_on", "act_url"],
        "refusals/new/": ["service_type", "group", "refused_on", "told_on"],
    }


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_no_form_of_the_desk_breaks(office, value):
    for path, fields in _forms(office).items():
        answer = office.client.post(HOME + path, dict.fromkeys(fields, value))
        assert answer.status_code < 500, path


@pytest.mark.parametrize("name", ["first day", "last day", "first moment", "last moment"])
def test_every_date_alone_is_refused_beside_its_field_or_kept(office, name):
    for path, fields in _forms(office).items():
        for chosen in fields if "timetable" in path or "extend" in path else []:
            answer = office.client.post(HOME + path, {chosen: STRANGE[name]})
            assert answer.status_code < 500, (path, chosen)
