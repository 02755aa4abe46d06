"""The questionnaire about payment: every question may be left unanswered, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.domain.entitlement.answers import ADULT_FROM, Answers, MinimumGroup, Place
from registry.enums import Disability, FreeKind
from registry.interfaces.desk_fields import DayField
from registry.models import ServiceType
from registry.queries.entitlement import RuleBook

NONE_OF_THESE: Final = "none"
NOT_KNOWN: Final = "unknown"
UNKNOWN: Final = pgettext_lazy("answer", "I do not know")
OLDEST: Final = 120
LARGEST_FAMILY: Final = 30
CAPACITY: Final = (
    (MinimumGroup.WORKING_AGE.value, gettext_lazy("of working age")),
    (MinimumGroup.LOST_CAPACITY.value, gettext_lazy("of pension age, or has a disability")),
    ("", UNKNOWN),
)
DISABILITY: Final = (*Disability.choices, ("", UNKNOWN))
URGENT: Final = (
    ("yes", gettext_lazy("yes, now")),
    ("no", gettext_lazy("no, it can wait for a decision")),
    ("", UNKNOWN),
)
PLACE: Final = (
    (Place.PUBLIC.value, gettext_lazy("a state or communal institution, such as a centre of social services")),
    (
        Place.NON_STATE.value,
        gettext_lazy("a non-state one: a charity, a public association, a company, an entrepreneur"),
    ),
    ("", gettext_lazy("I do not know yet")),
)


class SumField(forms.DecimalField):
    """A number as people write it: «12 500,50»."""

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)


def _one_of(label: Any, choices: Sequence[tuple[Any, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class EntitlementForm(forms.Form):
    """`book` gives the categories that are asked about: those of the day that the law names by a group."""

    service = forms.ChoiceField(label=gettext_lazy("Which service"), required=False)
    urgent = _one_of(gettext_lazy("Is help needed at once, in a crisis?"), URGENT)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Does any of this hold for the person who needs the service?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    disability = _one_of(gettext_lazy("Disability of the person"), DISABILITY)
    age = forms.IntegerField(
        label=gettext_lazy("Age of the person, full years"), required=False, min_value=0, max_value=OLDEST
    )
    capacity = _one_of(gettext_lazy("If the person is 18 or older: who is it?"), CAPACITY)
    income = SumField(
        label=gettext_lazy("Income of the whole family in an average month, UAH"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        error_messages={"invalid": gettext_lazy("Write the sum in digits, for example 5000.")},
    )
    family = forms.IntegerField(
        label=gettext_lazy("How many people are in the family"),
        required=False,
        min_value=1,
        max_value=LARGEST_FAMILY,
        error_messages={"min_value": gettext_lazy("Write 1 or more: the person counts too.")},
    )
    provider = _one_of(gettext_lazy("Who would give the service?"), PLACE)
    day = DayField(label=gettext_lazy("For which day"), required=False)

    def __init__(
        self, data: Any = None, *, services: Sequence[ServiceType], book: RuleBook, today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        self.categories = {
            row.group.slug: row.text for row in book.free if row.kind == FreeKind.PERSON and row.group is not None
        }
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", _("all services")),
            *((kind.slug, kind.name) for kind in services),
        ]
        self.fields["groups"].choices = [  # type: ignore[attr-defined]
            *self.categories.items(),
            (NONE_OF_THESE, _("none of these")),
            (NOT_KNOWN, UNKNOWN),
        ]

    def clean_groups(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["groups"]
        if NONE_OF_THESE in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choose either “none of these” or what does hold."))
        return chosen

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        age, disability = values.get("age"), values.get("disability")
        if age is not None and disability == Disability.CHILD and age >= ADULT_FROM:
            self.add_error("disability", _("A child with disability is younger than 18. Check the age."))
        if age is not None and age < ADULT_FROM and disability in ("1", "2", "3"):
            self.add_error("disability", _("A group of disability is for people of 18 and older. Check the age."))
        if disability in ("1", "2", "3") and values.get("capacity") == MinimumGroup.WORKING_AGE.value:
            self.add_error("capacity", _("With a group of disability choose “of pension age, or has a disability”."))
        return values

    def answers(self) -> Answers:
        """Return the answers of a valid form."""
        values = self.cleaned_data
        chosen = set(values["groups"])
        return Answers(
            day=values["day"] or self.today,
            place=Place(values["provider"]),
            groups=frozenset(chosen - {NONE_OF_THESE, NOT_KNOWN}),
            groups_told=bool(chosen) and NOT_KNOWN not in chosen,
            age=values["age"],
            capacity=values["capacity"] if values["age"] is None or values["age"] >= ADULT_FROM else "",
            disability=values["disability"],
            income=values["income"],
            family=values["family"],
            urgent={"yes": True, "no": False}.get(values["urgent"]),
        )

    def sent(self) -> list[tuple[str, str]]:
        """Return what was sent, name by name, to be sent once more when an answer is changed."""
        names = [name for name in self.fields if name in self.data]
        return [(name, value) for name in names for value in self.data.getlist(name) if value]  # type: ignore[attr-defined]
