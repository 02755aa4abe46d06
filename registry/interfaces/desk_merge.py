"""Two cards side by side, and the forms by which a registrar proposes to make one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.domain.merging import PARTS, VALUES
from registry.domain.parts import Parts, load_parts
from registry.domain.records import ORGANISATION_FIELDS
from registry.interfaces.desk_card import Block, build_card
from registry.interfaces.desk_fields import GroundField
from registry.interfaces.history_words import label_of
from registry.models import EntryMerge, RegisterEntry

PART_LABELS = {
    "services": gettext_lazy("Services"),
    "sites": gettext_lazy("Addresses"),
    "contacts": gettext_lazy("Contacts"),
}


@dataclass(slots=True)
class Value:
    """One value of both cards; `chosen` says that the surviving card takes the other's, if there is one to take."""

    name: str
    label: str
    kept: str
    given_up: str
    takeable: bool
    chosen: bool = False


@dataclass(slots=True)
class Candidate:
    """A part of the card that is given up; `known` says that the surviving card has it already."""

    block: Block
    known: bool
    chosen: bool = False


@dataclass(slots=True)
class PartsBeside:
    name: str
    label: str
    kept: list[Block]
    candidates: list[Candidate]


@dataclass(slots=True)
class Beside:
    """Both cards as an official compares them, private values out of sight."""

    values: list[Value]
    parts: list[PartsBeside]

    @property
    def differing(self) -> list[Value]:
        return [value for value in self.values if value.kept != value.given_up]


def beside(kept: RegisterEntry, given_up: RegisterEntry, taken: dict[str, list[Any]] | None = None) -> Beside:
    """Return both cards side by side in a number of queries that does not depend on their size."""
    chosen = taken or {}
    stored = load_parts([kept.pk, given_up.pk])
    here, there = (stored.get(entry.pk) or Parts() for entry in (kept, given_up))
    ours, theirs = (build_card(entry, opened=False) for entry in (kept, given_up))
    parts = []
    for name, label in PART_LABELS.items():
        keys = {record.key for _row, record in getattr(here, name)}
        known = {row.pk: record.key in keys for row, record in getattr(there, name)}
        candidates = [
            Candidate(block, known[block.pk], block.pk in chosen.get(name, ())) for block in getattr(theirs, name)
        ]
        parts.append(PartsBeside(name, str(label), getattr(ours, name), candidates))
    values = [_value(name, kept, given_up, name in chosen.get("values", ())) for name in VALUES]
    return Beside(values, parts)


def _value(name: str, kept: RegisterEntry, given_up: RegisterEntry, chosen: bool) -> Value:
    obj = "organisation" if name in ORGANISATION_FIELDS else "entry"
    here, there = (entry.organisation if obj == "organisation" else entry for entry in (kept, given_up))
    takeable = getattr(there, name) not in (None, "", "unknown")
    return Value(name, label_of(obj, name), _shown(here, name), _shown(there, name), takeable, chosen)


def _shown(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else str(value)


class MergeStartForm(forms.Form):
    """The other card, and which of the two stays."""

    number = forms.CharField(label=gettext_lazy("Register number of the other card"), max_length=12)
    stays = forms.ChoiceField(
        label=gettext_lazy("Which card stays"),
        choices=[("this", gettext_lazy("This card")), ("other", gettext_lazy("The other card"))],
        widget=forms.RadioSelect,
        initial="this",
        help_text=gettext_lazy("You will see both side by side before anything is proposed."),
    )

    def clean_number(self) -> RegisterEntry:
        number = self.cleaned_data["number"].strip().upper()
        entry = RegisterEntry.objects.select_related("organisation").filter(number=number).first()
        if entry is None:
            raise forms.ValidationError(_("There is no entry with this number."))
        return entry


class MergeForm(forms.Form):
    """What the surviving card takes over, and on which ground the two become one."""

    kept_version = forms.IntegerField(widget=forms.HiddenInput)
    given_up_version = forms.IntegerField(widget=forms.HiddenInput)
    values = forms.MultipleChoiceField(required=False)
    services = forms.MultipleChoiceField(required=False)
    sites = forms.MultipleChoiceField(required=False)
    contacts = forms.MultipleChoiceField(required=False)
    ground = GroundField()

    def __init__(self, data: Any = None, *, kept: RegisterEntry, given_up: RegisterEntry) -> None:
        super().__init__(data, initial={"kept_version": kept.version, "given_up_version": given_up.version})
        self.beside = beside(kept, given_up, self._ticked(data))
        self.fields["values"].choices = [(value.name, value.label) for value in self.beside.differing if value.takeable]  # type: ignore[attr-defined]
        for part in self.beside.parts:
            candidates = [(one.block.pk, one.block.title) for one in part.candidates if not one.known]
            self.fields[part.name].choices = candidates  # type: ignore[attr-defined]

    def taken(self) -> dict[str, list[Any]]:
        return {"values": self.cleaned_data["values"], **{name: self.cleaned_data[name] for name in PARTS}}

    def _ticked(self, data: Any) -> dict[str, list[Any]]:
        """Return what is ticked on the page: at first nothing."""
        if data is None:
            return {}
        ticked = {name: [int(key) for key in data.getlist(name) if key.isdecimal()] for name in PARTS}
        return {**ticked, "values": data.getlist("values")}


class MergeReasonForm(forms.Form):
    """Why a proposal is not carried out."""

    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The registrar who proposed it reads this."),
    )


def effects_of(merge: EntryMerge) -> Beside:
    """Return both cards with what the proposal takes over marked."""
    return beside(merge.kept, merge.given_up, merge.taken)
