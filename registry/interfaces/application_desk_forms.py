"""Forms by which officials examine and decide: a judgment of criteria, a correction, a proposal, a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.domain.contents import keys_of
from registry.domain.draft_fields import FIELDS, PARTS_OF_KIND
from registry.enums import ApplicationKind, CheckResult, Outcome
from registry.interfaces.application_desk import CriterionRow, ServiceChecks
from registry.interfaces.citations import Cited, cite_rows
from registry.interfaces.desk_fields import DayField, GroundField
from registry.models import Application, Ground
from registry.queries.content_words import ContentWords
from registry.workflow import OUTCOMES

Groups = list[tuple[str, list[tuple[str, str]]]]

LONGEST_REASON: Final = 4000
LONGEST_NOTE: Final = 1000
# that a part goes away is not a field to be corrected
_NOT_ASKED: Final = "/removed"

OUTCOME_HINTS: Final = {
    Outcome.INCLUDE: gettext_lazy("All the services enter the register; the card becomes public."),
    Outcome.INCLUDE_SOME: gettext_lazy("Only the services you name enter the register, with the ground for the rest."),
    Outcome.AMEND: gettext_lazy("The public card changes as the provider asks."),
    Outcome.RETURN: gettext_lazy("Nothing changes in the register; the provider may correct and submit again."),
    Outcome.REFUSE: gettext_lazy("Nothing changes in the register; the provider is told the ground."),
    Outcome.EXCLUDE: gettext_lazy("The card stays readable with the ground; there is no way back."),
    Outcome.SUSPEND: gettext_lazy("The card stays public with the mark “suspended”."),
    Outcome.RESTORE: gettext_lazy("The provider comes back to the usual list."),
}


class PublicText(GroundField):
    """A longer text that everybody may read, and so takes no taxpayer number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_REASON, "widget": forms.Textarea({"rows": 5}), **kwargs})


class ChecksForm(forms.Form):
    """The criteria of one service: a result and a note for each; what is left empty stays unjudged."""

    def __init__(self, data: Any = None, *, block: ServiceChecks) -> None:
        super().__init__(data)
        self.block = block
        for row in block.rows:
            name, known = f"c{row.criterion.pk}", row.check
            self.fields[f"{name}-result"] = forms.ChoiceField(
                label=row.criterion.text,
                choices=CheckResult.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=known.result if known else "",
            )
            self.fields[f"{name}-note"] = forms.CharField(
                label=gettext_lazy("Note"),
                required=False,
                max_length=LONGEST_NOTE,
                widget=forms.Textarea({"rows": 2}),
                initial=known.note if known else "",
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for row in self.block.rows:
            result, note = (values.get(f"c{row.criterion.pk}-{part}") or "" for part in ("result", "note"))
            if result in (CheckResult.NOT_MET, CheckResult.NOT_APPLICABLE) and not note.strip():
                self.add_error(f"c{row.criterion.pk}-note", _("Say why: this result needs a note."))
            if note.strip() and not result and f"c{row.criterion.pk}-result" not in self.errors:
                self.add_error(f"c{row.criterion.pk}-result", _("Choose a result, or take the note out."))
        return values

    def rows(self) -> Iterator[tuple[CriterionRow, forms.BoundField, forms.BoundField]]:
        """Return each criterion with its two fields, for the page."""
        for row in self.block.rows:
            yield row, self[f"c{row.criterion.pk}-result"], self[f"c{row.criterion.pk}-note"]

    def judgments(self) -> Iterator[tuple[CriterionRow, str, str]]:
        """Return what was newly judged, result and note; a row with a fault is left out, the others are good."""
        for row in self.block.rows:
            names = [f"c{row.criterion.pk}-{part}" for part in ("result", "note")]
            if any(name in self.errors for name in names):
                continue
            result, note = (str(self.cleaned_data.get(name) or "").strip() for name in names)
            if result and (row.check is None or (result, note) != (row.check.result, row.check.note)):
                yield row, result, note


class CorrectionForm(forms.Form):
    """Which fields the provider is to correct, by their names, and why."""

    fields_asked = forms.MultipleChoiceField(
        label=gettext_lazy("What is to be corrected"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one field.")},
    )
    comment = PublicText(
        label=gettext_lazy("What is wrong and what is expected"),
        help_text=gettext_lazy("The provider reads it above the fields you ticked."),
    )

    def __init__(self, data: Any = None, *, application: Application, checklist: Sequence[ServiceChecks]) -> None:
        super().__init__(data)
        groups = correctable(application, checklist)
        self.fields["fields_asked"].choices = groups  # type: ignore[attr-defined]

    def grouped(self) -> list[tuple[str, list[Any]]]:
        """Return the boxes to tick under the names of their parts."""
        boxes = {str(box.data["value"]): box for box in self["fields_asked"]}
        groups = self.fields["fields_asked"].choices  # type: ignore[attr-defined]
        return [(name, [boxes[path] for path, _label in choices]) for name, choices in groups]


def correctable(
    application: Application, checklist: Sequence[ServiceChecks]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields that may be asked for, empty ones too, under what they belong to, in the order of the form."""
    paths = list(_fields_of(application, checklist))
    words = ContentWords({**dict.fromkeys(paths), **application.content})
    groups: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        groups.setdefault(capfirst(words.part(path)), []).append((path, capfirst(words.field(path))))
    return list(groups.items())


def _fields_of(application: Application, checklist: Sequence[ServiceChecks]) -> Iterator[str]:
    content = application.content
    for part in PARTS_OF_KIND[application.kind]:
        patterns = [
            pattern for pattern in FIELDS if pattern.startswith(f"{part}/") and not pattern.endswith(_NOT_ASKED)
        ]
        if part == "criteria":
            yield from (path for block in checklist for path in _evidence_of(block))
        elif part in ("sites", "contacts", "services"):
            for key in keys_of(content, part):
                yield from (pattern.replace("*", key) for pattern in patterns if pattern.count("*") == 1)
                yield from (path for path in content if path.startswith(f"{part}/{key}/access/"))
        else:
            yield from patterns


def _evidence_of(block: ServiceChecks) -> Iterator[str]:
    for row in block.rows:
        names = ("statement", "document", "expires_on") if row.criterion.evidence_expires else ("statement", "document")
        yield from (f"criteria/{block.key}/{row.criterion.slug}/{name}" for name in names)


class OutcomeForm(forms.Form):
    """Which outcome is proposed: the first of two questions, the second depends on it."""

    outcome = forms.ChoiceField(label=gettext_lazy("What do you propose?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, kind: str, standing: str = "") -> None:
        super().__init__(data)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (outcome, Outcome(outcome).label) for outcome in possible_outcomes(kind, standing)
        ]

    def hints(self) -> list[tuple[Any, Any]]:
        """Return each choice with what it would mean."""
        return [(choice, OUTCOME_HINTS[choice.data["value"]]) for choice in self["outcome"]]


def possible_outcomes(kind: str, standing: str = "") -> tuple[str, ...]:
    """Return what may be proposed: a suspended entry is not suspended again, one in good standing not restored."""
    found = OUTCOMES[kind]
    if kind != ApplicationKind.INITIATIVE:
        return found
    needless = {"included": Outcome.RESTORE, "suspended": Outcome.SUSPEND}.get(standing)
    return tuple(outcome for outcome in found if outcome != needless)


class ProposalForm(forms.Form):
    """The grounds, reasons and limits of an outcome; only the fields that this outcome has."""

    grounds = forms.ModelMultipleChoiceField(
        queryset=Ground.objects.none(),
        label=gettext_lazy("Grounds"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one ground.")},
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services to include"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick the services to include.")},
    )
    suspend_until = DayField(
        label=gettext_lazy("Suspend until"),
        help_text=gettext_lazy("The last day, if it is known. Leave empty to suspend until a decision to restore."),
        required=False,
    )
    reason = PublicText(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("They stand in the decision, which everybody may read. Name no person."),
    )

    def __init__(
        self, data: Any = None, *, outcome: str, grounds: Sequence[Ground], services: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.outcome = outcome
        self.cited: dict[int, Cited] = cite_rows(grounds)
        chosen = Ground.objects.filter(pk__in=[ground.pk for ground in grounds])
        self.fields["grounds"].queryset = chosen  # type: ignore[attr-defined]
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        granting = outcome in Outcome.granting
        self.fields["reason"].required = not granting
        kept = {
            "grounds": not granting,
            "services": outcome == Outcome.INCLUDE_SOME,
            "suspend_until": outcome == Outcome.SUSPEND,
        }
        for name in [name for name, stays in kept.items() if not stays]:
            del self.fields[name]

    def proposal(self) -> dict[str, Any]:
        """Return what was typed under the names of the use case."""
        values = self.cleaned_data
        return {
            "ground_ids": [ground.pk for ground in values.get("grounds", ())],
            "reason": values["reason"],
            "services": values.get("services", ()),
            "suspend_until": values.get("suspend_until"),
        }

    def ground_choices(self) -> list[tuple[Any, Cited]]:
        """Return each choice of a ground with its citation."""
        if "grounds" not in self.fields:
            return []
        return [(choice, self.cited[int(str(choice.data["value"]))]) for choice in self["grounds"]]


class ReasonForm(forms.Form):
    """Why something is sent back or refused."""

    reason = PublicText(label=gettext_lazy("Reason"))


class CorrectDecisionForm(forms.Form):
    """The right reasons of a decision, and why it is corrected."""

    reason = PublicText(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("As they should stand. Everybody may read them. Name no person."),
    )
    ground = GroundField(
        label=gettext_lazy("Why the decision is corrected"),
        help_text=gettext_lazy("It stands in the new decision as a ground of its own."),
    )


class ClaimForm(forms.Form):
    """The ground on which a claim of an organisation is confirmed or refused."""

    ground = GroundField(
        help_text=gettext_lazy(
            "Name the document you relied on, or why it does not prove the right. The person reads it."
        )
    )
