"""What an official fills in to change or extend a competition that runs: the announcement's own fields, and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.domain.calls.changes import MOVABLE
from procurement.enums import GroundUse, Moment
from procurement.interfaces.call_forms import AboutForm, ConditionsForm, GroundForm
from procurement.interfaces.call_timetable import as_input, point_field
from procurement.interfaces.moments import in_words
from procurement.models import Competition

WORDS: Final = (*AboutForm.base_fields, *ConditionsForm.base_fields)
# what belongs to the step and not to the announcement
WHY: Final = frozenset({"ground", "reason"})


class ExtendForm(GroundForm):
    """The dates that have not come yet, each with what it is now."""

    use: Final = GroundUse.EXTENSION

    def __init__(self, *args: Any, competition: Competition, now: datetime, **kwargs: Any) -> None:
        kept = {point: getattr(competition, point) for point in _movable(competition, now)}
        kwargs.setdefault("initial", {}).update({point: as_input(value) for point, value in kept.items()})
        super().__init__(*args, competition=competition, use=self.use, on=day_of(now), **kwargs)
        for point, value in kept.items():
            self.fields[point] = point_field(Moment(point))
            self.fields[point].help_text = _("Now: %(value)s") % {"value": in_words(value)} if value else ""
        self.kept = kept

    @property
    def date_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.kept]

    @property
    def word_fields(self) -> list[forms.BoundField]:
        return []

    @property
    def why_fields(self) -> list[forms.BoundField]:
        return [self["ground"], self["reason"]]

    @property
    def values(self) -> dict[str, Any]:
        """What the announcement will say: every field but the ground and the reason.

        A moment is typed to the minute; one that was left as it is keeps its seconds too.
        """
        told = {name: value for name, value in self.cleaned_data.items() if name not in WHY}
        same = {name: kept for name, kept in self.kept.items() if as_input(told.get(name)) == as_input(kept)}
        return {**told, **same}


class ChangeForm(ExtendForm):
    """Everything that the announcement says in words, and its dates; lots, form and rubric stay as announced."""

    use: Final = GroundUse.CHANGE

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(competition, name) for name in WORDS}
        super().__init__(*args, competition=competition, **kwargs)
        words = {**AboutForm().fields, **ConditionsForm().fields}
        self.fields.update(words)

    @property
    def word_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in WORDS]


def _movable(competition: Competition, now: datetime) -> list[str]:
    """Return the points that have not passed yet, those without a date among them."""
    return [point for point in MOVABLE if not _has_passed(getattr(competition, point), now)]


def _has_passed(value: date | datetime | None, now: datetime) -> bool:
    if value is None:
        return False
    return value <= now if isinstance(value, datetime) else value < day_of(now)
