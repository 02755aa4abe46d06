"""Forms of the editors' part of the search: a synonym, a promotion, a file of synonyms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.interfaces.desk_fields import DayField
from search.enums import SynonymKind
from search.interfaces.synonym_cells import read_phrase, read_target
from search.models import Promotion, Synonym
from search.queries.targets import Targets, fold, open_targets


class TargetInput(forms.TextInput):
    """A line with the catalogue's services and groups as suggestions; other words may be typed too."""

    template_name = "desk/widgets/target.html"
    targets: Targets | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        list_id = f"{name}-suggestions"
        context: dict[str, Any] = super().get_context(name, value, {**(attrs or {}), "list": list_id})
        names = self.targets.names if self.targets else {}
        context["list_id"] = list_id
        context["suggestions"] = [
            (slug, called, SynonymKind(kind).label) for kind, known in names.items() for slug, called in known.items()
        ]
        return context


class SynonymForm(forms.ModelForm):
    """One direction; a service or group may be named by its slug, code or name, and is kept by its slug."""

    class Meta:
        model = Synonym
        fields = ["phrase", "kind", "target", "language", "weight", "active", "note"]
        widgets = {"target": TargetInput, "note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "phrase": _("As people type it, in its first form: “nurse”, “someone to sit with granny”."),
            "target": _("A service or a group of the catalogue: begin its name, pick from the list. Or other words."),
            "active": _("A synonym out of use stays in the list and is not asked."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = open_targets()
        widget = self.fields["target"].widget
        if isinstance(widget, TargetInput):
            widget.targets = self.targets

    def clean_phrase(self) -> str:
        return read_phrase(self.cleaned_data["phrase"])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not {"phrase", "kind", "target"} <= values.keys():
            return values
        try:
            values["target"] = read_target(values["phrase"], values["kind"], values["target"], self.targets)
        except ValidationError as fault:
            self.add_error("target", fault)
        else:
            self._refuse_known(values)
        return values

    def _refuse_known(self, values: dict[str, Any]) -> None:
        """Refuse what stands in the table already, in whatever capitals; the database knows the exact ones only."""
        same = Synonym.objects.filter(kind=values["kind"]).exclude(pk=self.instance.pk)
        wanted = (fold(values["phrase"]), fold(values["target"]))
        if any((fold(phrase), fold(target)) == wanted for phrase, target in same.values_list("phrase", "target")):
            self.add_error("phrase", ValidationError(_("This phrase leads there already."), code="unique"))


class PromotionForm(forms.ModelForm):
    class Meta:
        model = Promotion
        fields = ["phrases", "title", "text", "url", "valid_from", "valid_to", "active"]
        field_classes = {"valid_from": DayField, "valid_to": DayField}
        widgets = {"phrases": forms.Textarea(attrs={"rows": 4}), "text": forms.Textarea(attrs={"rows": 3})}


class SynonymFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of synonyms"),
        help_text=_("CSV or XLSX with the columns phrase, kind, target, weight, language, note, active."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
