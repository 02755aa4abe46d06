"""Risk indicators at the desk: administrators correct thresholds, nobody adds or takes away an indicator."""

import json

import pytest
from django.urls import reverse

from procurement.models import RiskRule
from tests.factories.accounts import make_official
from tests.factories.risks import make_risk_rules

pytestmark = pytest.mark.django_db
NAMES = (
    "text_uk",
    "text_en",
    "formula_uk",
    "formula_en",
    "innocent_uk",
    "innocent_en",
    "weight",
    "mark",
    "order",
    "note",
)


def test_thresholds_are_corrected_by_an_administrator_and_checked(sign_in) -> None:
    rule = make_risk_rules()["late-reports"]
    url = reverse("desk_risk_rules:edit", args=[rule.pk])
    admin, auditor = sign_in(make_official("administrator")), sign_in(make_official("auditor"))
    told = {name: getattr(rule, name) for name in NAMES}
    told |= {"valid_from": "2020-01-01", "act": rule.act, "edit_ground": "Рішення ради"}

    assert auditor.get(reverse("desk_risk_rules:index")).status_code == 200
    assert auditor.post(url, {**told, "parameters": '{"reports": 9}'}).status_code == 302
    assert admin.get(reverse("desk_risk_rules:add")).status_code == 302
    wrong = admin.post(url, {**told, "parameters": '{"reports": "багато"}'})
    assert "parameters" in wrong.context["form"].errors
    assert RiskRule.objects.get(pk=rule.pk).parameters == {"reports": 2}
    admin.post(url, {**told, "parameters": json.dumps({"reports": 3})})

    saved = RiskRule.objects.get(pk=rule.pk)
    assert saved.parameters == {"reports": 3}
    assert saved.edited_at is not None
