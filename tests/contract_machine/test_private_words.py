"""Names in every free text that a provider writes about a contract are warned of, and no form has been forgotten."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType
from typing import Any

import pytest
from django import forms

from procurement import contractor_urls, quality_urls
from procurement.interfaces.act_forms import ActForm, CorrectionForm
from procurement.interfaces.finding_forms import AnswerForm, ReplyForm
from procurement.interfaces.private_words import PrivateWordsMixin
from procurement.interfaces.quality_forms import DescribeForm, QualityReplyForm, RatingForm
from procurement.interfaces.report_forms import ReportForm
from procurement.interfaces.risk_forms import RiskReplyForm
from procurement.models import ServiceReport

pytestmark = pytest.mark.django_db
TEXT = "Ганна Петрівна Шевченко з вул. Миру, 5 кв. 12 почувається краще."
PLAIN = (AnswerForm, ReplyForm, DescribeForm, QualityReplyForm, RatingForm, RiskReplyForm)
PROVIDERS = (*PLAIN, ActForm, CorrectionForm, ReportForm)
# what the commissioner alone fills in, on pages whose modules serve both sides: one's own words about the provider
OFFICIALS = frozenset(
    [
        "AcceptActForm",
        "ReasonForm",
        "ReturnReportForm",
        "MilestoneForm",
        "JudgeForm",
        "PaymentForm",
        "UndoForm",
        "ChangeLineForm",
        "BudgetLineForm",
        "MemberForm",
    ]
)


def _made(kind: type[forms.Form], data: dict[str, str] | None) -> Any:
    if kind is ReportForm:
        return ReportForm(data, report=ServiceReport(pk=0), lines=[])
    asked: dict[type[forms.Form], dict[str, Any]] = {
        ActForm: {"lines": [], "from_report": True},
        CorrectionForm: {"rows": [], "titles": {}},
    }
    return kind(data, **asked.get(kind, {}))


@pytest.mark.parametrize("kind", PROVIDERS, ids=lambda one: one.__name__)
def test_name_in_any_free_text_of_a_provider_is_warned_of(kind):
    names = [
        name
        for name, field in _made(kind, None).fields.items()
        if isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea)
    ]
    assert names, "the form has no free text: take it out of the list"
    for name in names:
        form = _made(kind, {name: TEXT})
        assert not form.is_valid()
        assert any("Шевченко" in str(fault) for fault in form.errors[name]), name
        confirmed = _made(kind, {name: TEXT, form.confirmed_name: form.words_digest})
        confirmed.is_valid()
        assert not any("Шевченко" in str(fault) for fault in confirmed.errors.get(name, ()))


def test_no_form_of_the_providers_pages_is_forgotten():
    """Every form with room for words on the provider's addresses warns, or is one that officials alone see."""
    forgotten = {
        name
        for module in _modules()
        for name, form in inspect.getmembers(module, inspect.isclass)
        if issubclass(form, forms.Form) and _has_words(form) and not issubclass(form, PrivateWordsMixin)
    }
    assert forgotten <= OFFICIALS, forgotten - OFFICIALS


def _modules() -> set[ModuleType]:
    """Return the modules of the views behind the provider's own addresses."""
    addresses = (*contractor_urls.urlpatterns, *quality_urls.urlpatterns)
    return {importlib.import_module(one.callback.__module__) for one in addresses}


def _has_words(form: type[forms.Form]) -> bool:
    return any(isinstance(field.widget, forms.Textarea) for field in form.base_fields.values())
