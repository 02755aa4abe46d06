"""Forms of the desk for the tables of the social order: structures as readable JSON, judged when they are saved."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement import ranking
from procurement.domain.law_checks import policy_faults
from procurement.domain.risks.thresholds import threshold_faults
from registry.interfaces.desk_fields import GroundField


def written(value: Any) -> str:
    """Write a structure a thing on a line, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=1)


class JsonField(forms.JSONField):
    """A structure as text, one thing on a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return super().prepare_value(value)
        return written(value)

    def clean(self, value: Any) -> Any:
        # an empty list is an answer
        return [] if not self.required and not str(value or "").strip() else super().clean(value)


class TableForm(forms.ModelForm):
    """A row with the ground of its correction."""

    edit_ground = GroundField(
        label=_("Ground of the correction"), help_text=_("Name the act, its point and edition, or the source.")
    )


class RubricForm(TableForm):
    """A new version of a rubric, or the words about one that is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "definition" in self.fields:
            self.fields["code"].help_text = _("The code of a rubric that is there already makes its next version.")
            self.fields["definition"].help_text = _(
                "Criteria, weights, thresholds, path of ties, rounding; every number is a text. What is not known is "
                "null: then nothing is announced with this version."
            )

    def clean_definition(self) -> Any:
        """Refuse what is no rubric, all of it at once; what is not known yet may be null."""
        definition = self.cleaned_data["definition"]
        faults = list(ranking.faults_of(definition))
        if faults:
            raise forms.ValidationError(faults)
        return definition


class PolicyForm(TableForm):
    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for field, fault in policy_faults(told):
            self.add_error(field, fault)
        return told


class RiskRuleForm(TableForm):
    """The words and thresholds of a risk indicator; its formula is the portal's own."""

    def clean_parameters(self) -> Any:
        """Refuse thresholds with which the formula could not be computed, all of them at once."""
        parameters = self.cleaned_data["parameters"]
        faults = list(threshold_faults(self.instance.slug, parameters))
        if faults:
            raise forms.ValidationError(faults)
        return parameters
