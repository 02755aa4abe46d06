"""What an official fills in to call a competition, part by part, and for the steps of one that runs."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.enums import GroundUse
from procurement.interfaces.specification_forms import long_field, sum_field
from procurement.models import (
    Commissioner,
    Competition,
    FormVersion,
    OrderDecision,
    ProcedureGround,
    RubricVersion,
    ServiceSpecification,
)
from procurement.queries.commissioning import Procedure, decisions_to_call, grounds_for, templates_of
from registry.models import Territory

MOST_LOTS: Final = 50
MOST_PRESENT: Final = 60


class DecisionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(
            _("No. %(number)s of %(day)s, on the budget of %(year)d")
            % {"number": obj.number, "day": f"{obj.decided_on:%d.%m.%Y}", "year": obj.budget_act.year}
        )


class StartForm(forms.Form):
    """What a draft cannot be begun without."""

    procedure = forms.ChoiceField(label=_("Procedure"), widget=forms.RadioSelect)
    commissioner = forms.ModelChoiceField(
        Commissioner.objects.none(), label=_("Who orders"), empty_label=None, widget=forms.RadioSelect
    )
    decision = DecisionChoice(
        OrderDecision.objects.none(),
        label=_("Decision on the social order"),
        help_text=_("It may be named later, but not after the announcement."),
        required=False,
        empty_label="—",
    )
    title = forms.CharField(
        label=pgettext_lazy("order", "Title"),
        help_text=_("What is ordered, in a few words that people understand."),
        max_length=300,
    )

    def __init__(self, *args: Any, hromada: Territory, procedures: list[Procedure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [(one.code, capfirst(one.name)) for one in procedures]  # type: ignore[attr-defined]
        bodies = Commissioner.objects.filter(hromada=hromada).select_related("organisation")
        self.fields["commissioner"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["decision"].queryset = decisions_to_call(hromada)  # type: ignore[attr-defined]
        if len(bodies) == 1:
            self.initial.setdefault("commissioner", bodies[0].pk)


class PartForm(forms.Form):
    """A part of a call: its fields are named as the competition's own."""

    @classmethod
    def of(cls, competition: Competition, data: Any = None) -> PartForm:
        return cls(data, initial={name: getattr(competition, name) for name in cls.base_fields})


class DecisionForm(PartForm):
    decision = DecisionChoice(
        OrderDecision.objects.none(), label=_("Decision on the social order"), widget=forms.RadioSelect, required=False
    )

    @classmethod
    def of(cls, competition: Competition, data: Any = None) -> PartForm:
        form = super().of(competition, data)
        form.fields["decision"].queryset = decisions_to_call(competition.hromada)  # type: ignore[attr-defined]
        form.fields["decision"].empty_label = None  # type: ignore[attr-defined]
        return form


class AboutForm(PartForm):
    title = forms.CharField(label=pgettext_lazy("order", "Title"), max_length=300)
    legal_ground = long_field(
        _("Legal ground"), _("The act of the procedure, the local programme, the order of the body that orders.")
    )
    budget_limit = sum_field(_("Limit of the budget, UAH"), _("The ceilings of all lots together may not be higher."))


class ConditionsForm(PartForm):
    requirements = long_field(
        _("Requirements to participants"),
        _("What a provider must have besides what the procedure itself asks."),
        rows=6,
    )
    documents_note = long_field(
        _("Documents to attach, in words"), _("The form of the proposal has its own list; say here what it does not.")
    )
    submission_note = long_field(
        _("How and where to submit"), _("Proposals come through the portal, sealed until the opening.")
    )
    opening_place = forms.CharField(label=_("Place of the opening"), max_length=300, required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=200, required=False)
    contact_phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput({"type": "tel"})
    )
    contact_email = forms.EmailField(label=_("E-mail"), required=False)


class TemplatesForm(PartForm):
    form = forms.ModelChoiceField(
        FormVersion.objects.none(),
        label=_("Form of the proposal"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    rubric = forms.ModelChoiceField(
        RubricVersion.objects.none(),
        label=_("Rubric"),
        help_text=_("By what proposals are scored."),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, competition: Competition, data: Any = None) -> PartForm:
        form = super().of(competition, data)
        for name, model in (("form", FormVersion), ("rubric", RubricVersion)):
            field: Any = form.fields[name]
            chosen = getattr(competition, f"{name}_id")
            field.queryset = templates_of(model) | model._default_manager.filter(pk=chosen)  # noqa: SLF001
            field.label_from_instance = _version_words
        return form


def _version_words(version: FormVersion | RubricVersion) -> str:
    return str(_("%(title)s, version %(number)d") % {"title": version.title, "number": version.number})


class LotForm(forms.Form):
    """One lot: what its specification says, unless it says otherwise itself."""

    specification = forms.ModelChoiceField(
        ServiceSpecification.objects.none(), label=_("Specification"), required=False, empty_label="—"
    )
    title = forms.CharField(
        label=pgettext_lazy("order", "Title"),
        help_text=_("Empty for the title of the specification."),
        max_length=300,
        required=False,
    )
    ceiling = sum_field(_("Price ceiling, UAH"), _("Empty for the ceiling of the specification."))

    def __init__(self, *args: Any, known: QuerySet[ServiceSpecification], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["specification"]
        field.queryset = known
        # read once for all lots of the page
        field.choices = [("", "—"), *((one.pk, f"{one.title} ({one.saved_at:%d.%m.%Y})") for one in known)]

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("specification", "title", "ceiling"))

    @property
    def lot(self) -> dict[str, Any]:
        """What `calling.set_lots` takes, with the specification's own words where nothing else is said."""
        values = self.cleaned_data
        found = values.get("specification")
        title = values["title"].strip() or (found.title if found else "")
        ceiling = values["ceiling"] if values["ceiling"] is not None else (found.ceiling if found else None)
        return {"title": title, "specification": found.pk if found else None, "ceiling": ceiling}


class BaseLotFormSet(forms.BaseFormSet):
    """The lots in their order; one marked to be taken out is left out, an empty one is no lot."""

    @property
    def lots(self) -> list[dict[str, Any]]:
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        return [form.lot for form in kept if not form.is_blank]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this lot out")


LotFormSet = forms.formset_factory(
    LotForm, formset=BaseLotFormSet, extra=0, can_delete=True, max_num=MOST_LOTS, validate_max=True, absolute_max=200
)


class DocumentForm(forms.Form):
    """A file that goes with the announcement and is given to everybody."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, a text document, a table, a picture or a signed file."))
    title = forms.CharField(
        label=_("What it is"), help_text=_("Empty for the name of the file."), max_length=200, required=False
    )
    is_contract = forms.BooleanField(label=_("It is the draft contract"), required=False)


# --- steps of a competition that runs --------------------------------------------------------------------------------


class GroundForm(forms.Form):
    """A typed ground and the reason in words, which everybody reads."""

    ground = forms.ModelChoiceField(
        ProcedureGround.objects.none(), label=_("Ground"), empty_label=None, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason, in words"),
        help_text=_("It stands on the page of the competition for everybody."),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, competition: Competition, use: GroundUse, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].queryset = grounds_for(use, competition.procedure, on)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"),
        help_text=_("Everybody reads it, next to the question. Name no person."),
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
    )


class PresentForm(forms.Form):
    """Somebody who is present at the opening."""

    name = forms.CharField(label=_("First and last name"), max_length=200, required=False)
    position = forms.CharField(label=_("Position"), max_length=200, required=False)


class BasePresentFormSet(forms.BaseFormSet):
    @property
    def present(self) -> list[dict[str, str]]:
        """Those who are named; a row with a position alone names nobody."""
        rows = [form.cleaned_data for form in self.forms]
        return [
            {"name": row["name"].strip(), "position": row["position"].strip()}
            for row in rows
            if row.get("name", "").strip()
        ]


PresentFormSet = forms.formset_factory(
    PresentForm, formset=BasePresentFormSet, extra=0, max_num=MOST_PRESENT, validate_max=True, absolute_max=200
)
