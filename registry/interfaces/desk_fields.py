"""Fields of the desk's forms: a place of the codifier, many places, opening hours, the ground of a change."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.ua import rntrc

from registry.interfaces.hours import DAYS, day_text, read_day
from registry.models import Territory
from registry.queries.desk import find_places, place_text, spellings

CODE: Final = re.compile(r"UA\d{17}", re.IGNORECASE)
LONGEST_GROUND: Final = 500
_TEN_DIGITS: Final = re.compile(r"(?<!\w)\d{10}(?!\w)")


class DayField(forms.DateField):
    """A calendar day, picked with what the browser has for that."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)


class GroundField(forms.CharField):
    """Why something is done; everybody reads it in the history, so it takes no РНОКПП."""

    def __init__(self, **kwargs: Any) -> None:
        options = {
            "label": _("Ground"),
            "help_text": _(
                "Name the document, its date and number. Everybody sees the ground in the history of the card."
            ),
            "max_length": LONGEST_GROUND,
            "widget": forms.Textarea(attrs={"rows": 2}),
        }
        super().__init__(**{**options, **kwargs})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if any(rntrc.is_valid(digits) for digits in _TEN_DIGITS.findall(text)):
            raise ValidationError(_("There is a taxpayer number here, and the ground is public. Take it out."))
        return text


class PlaceField(forms.CharField):
    """A unit of the codifier: by code, by the suggestion picked, or by a name that means one place only."""

    widget = forms.TextInput(attrs={"data-portal-place": "", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Begin the name and pick from the list, or write the KATOTTG code."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Territory.objects.select_related("hromada", "raion", "oblast").filter(pk=value).first()
        return place_text(value) if isinstance(value, Territory) else value

    def clean(self, value: Any) -> Territory | None:  # type: ignore[override]
        text = super().clean(value)
        return read_place(text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _code(self.prepare_value(initial)) != _code(data)


class PlacesField(forms.CharField):
    """Several units of the codifier, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "data-portal-places": ""})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, frozenset | set | list | tuple):
            units = Territory.objects.select_related("hromada", "raion", "oblast").filter(pk__in=value)
            return "\n".join(place_text(unit) for unit in units.order_by("code"))
        return value

    def clean(self, value: Any) -> list[Territory]:  # type: ignore[override]
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return list(dict.fromkeys(read_place(line) for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(CODE.findall(self.prepare_value(initial) or "")) != sorted(CODE.findall(data or ""))


def read_place(text: str) -> Territory:
    """Return the one unit that the text means, or raise `ValidationError` naming the choices."""
    found = CODE.search(text)
    if found:
        unit = Territory.objects.filter(code=found[0].upper()).first()
        if unit is None:
            raise ValidationError(_("There is no code %(code)s in the codifier."), params={"code": found[0]})
        return unit
    name = text.partition(",")[0].strip().replace("'", "’")
    units = [unit for unit in find_places(text, limit=40) if unit.name in spellings(name)]
    if len(units) == 1:
        return units[0]
    if not units:
        raise ValidationError(_("No such place is known: “%(name)s”."), params={"name": text[:80]})
    raise ValidationError(
        _("Several places have this name. Write the code of one: %(places)s"),
        params={"places": "; ".join(place_text(unit) for unit in units[:5])},
    )


def _code(text: Any) -> str:
    found = CODE.search(str(text or ""))
    return found[0].upper() if found else str(text or "").strip()


class HoursWidget(forms.MultiWidget):
    """Seven lines, one a day, and a note."""

    template_name = "desk/widgets/hours.html"

    def __init__(self) -> None:
        lines = {day: forms.TextInput() for day in DAYS}
        super().__init__({**lines, "note": forms.TextInput})

    def decompress(self, value: Any) -> list[str]:
        hours = value if isinstance(value, dict) else {}
        return [*(day_text(hours.get(day)) for day in DAYS), hours.get("note", "")]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        names = [*DAYS.values(), _("Note")]
        for part, label in zip(context["widget"]["subwidgets"], names, strict=True):
            part["label"] = label
            part["attrs"]["aria-label"] = str(label)
        return context


class HoursField(forms.MultiValueField):
    def __init__(self, **kwargs: Any) -> None:
        parts = [*(forms.CharField(required=False) for _day in DAYS), forms.CharField(required=False, max_length=200)]
        kwargs.setdefault(
            "help_text", _("For example: 09:00–13:00, 14:00–18:00. An empty day is a day off or unknown.")
        )
        super().__init__(parts, widget=HoursWidget(), required=False, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, Any]:
        hours: dict[str, Any] = {}
        for day, text in zip(DAYS, data_list, strict=False):
            try:
                spans = read_day(text or "")
            except ValidationError as error:
                raise ValidationError([f"{DAYS[day]}: {message}" for message in error.messages]) from error
            if spans:
                hours[day] = spans
        if data_list and data_list[-1]:
            hours["note"] = data_list[-1]
        return hours

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.widget.decompress(initial) != [text or "" for text in data]


class KnownField(forms.TypedChoiceField):
    """Yes, no, or nobody has looked; silence is not "no"."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", _("unknown")), ("yes", _("yes")), ("no", _("no"))]
        super().__init__(
            choices=choices,
            coerce={"yes": True, "no": False}.get,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)
