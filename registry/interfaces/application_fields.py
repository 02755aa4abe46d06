"""Fields of the provider's forms: each reads what is typed and writes what the content of an application keeps.

`to_content` turns a cleaned value into the value under the path, `from_content` the other way for the form to show.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.interfaces import desk_fields
from registry.interfaces.desk_fields import CODE
from registry.models import Territory
from registry.queries.desk import find_places, place_text

LEAST_LETTERS: Final = 2
SILENCE: Final[tuple[Any, ...]] = (None, "", [], {})


class ContentField:
    """What every field of these forms can do; `kind` names the way it is drawn."""

    kind = "plain"

    def to_content(self, cleaned: Any) -> Any:
        return cleaned

    def from_content(self, value: Any) -> Any:
        return value

    def is_same(self, old: Any, new: Any) -> bool:
        """Say whether two values of the content say the same: nothing is told in more than one way."""
        return old == new or (old in SILENCE and new in SILENCE)


class TextField(ContentField, forms.CharField):
    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(required=False, **kwargs)


class ChoiceField(ContentField, forms.ChoiceField):
    def __init__(self, choices: Any = (), *, radio: bool = False, blank: bool = True, **kwargs: Any) -> None:
        self.kind = "group" if radio else "plain"
        listed = [("", "—"), *choices] if blank and not radio else list(choices)
        widget = forms.RadioSelect if radio else forms.Select
        super().__init__(choices=listed, widget=widget, required=False, **kwargs)


class ManyField(ContentField, forms.MultipleChoiceField):
    """Several of a list; kept sorted, so that the order of ticking is no change."""

    kind = "group"
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_content(self, cleaned: Any) -> Any:
        # keys are numbers and stand in their order, slugs are words
        return sorted(cleaned, key=lambda value: (len(value), value) if value.isdecimal() else (0, value)) or None


class FlagField(ContentField, forms.BooleanField):
    """A box to tick; not ticked is silence."""

    kind = "flag"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_content(self, cleaned: Any) -> Any:
        return True if cleaned else None

    def is_same(self, old: Any, new: Any) -> bool:
        return bool(old) == bool(new)


class KnownField(ContentField, desk_fields.KnownField):
    kind = "group"


class DayField(ContentField, desk_fields.DayField):
    kind = "short"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_content(self, cleaned: Any) -> Any:
        return cleaned.isoformat() if cleaned else None


class MoneyField(ContentField, forms.DecimalField):
    """A sum as people write it: a comma or a point, spaces between thousands."""

    kind = "short"
    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=12, decimal_places=2, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(value.split()).replace(",", ".") if isinstance(value, str) else value)

    def to_content(self, cleaned: Decimal | None) -> Any:
        return None if cleaned is None else f"{cleaned:.2f}"


class WholeField(ContentField, forms.IntegerField):
    kind = "short"

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(min_value=0, max_value=100_000, required=False, widget=widget, **kwargs)


class DegreeField(ContentField, forms.FloatField):
    kind = "short"

    def __init__(self, limit: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(min_value=-limit, max_value=limit, required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class HoursField(ContentField, desk_fields.HoursField):
    kind = "hours"

    def to_content(self, cleaned: Any) -> Any:
        return cleaned or None


class PlaceInput(forms.TextInput):
    """A place typed, or picked among the namesakes that were offered below it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        del files
        said = [value for value in (data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]) if value]
        return said[-1] if said else ""


class PlaceField(ContentField, desk_fields.PlaceField):
    """A place of the codifier; kept as its code."""

    kind = "place"
    widget = PlaceInput(attrs={"data-portal-place": "", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_content(self, cleaned: Any) -> Any:
        return cleaned.code if cleaned else None

    def from_content(self, value: Any) -> Any:
        return _units([value]).get(value, value) if value else ""


class PlacesField(ContentField, desk_fields.PlacesField):
    """Several places, one a line; kept as sorted codes."""

    kind = "places"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        # what the empty line says to which the script adds places
        self.widget.attrs["data-portal-places"] = _("Begin the name and pick from the list")

    def clean(self, value: Any) -> list[Territory]:  # type: ignore[override]
        """Read the lines; those with a code, as the suggestions write them, in one query for all."""
        lines = [line.strip() for line in forms.CharField.clean(self, value).splitlines() if line.strip()]
        codes = [found[0].upper() if (found := CODE.search(line)) else "" for line in lines]
        units = _units([code for code in codes if code])
        read = [units.get(code) or desk_fields.read_place(line) for code, line in zip(codes, lines, strict=True)]
        return list(dict.fromkeys(read))

    def to_content(self, cleaned: Any) -> Any:
        return sorted(unit.code for unit in cleaned) or None

    def from_content(self, value: Any) -> Any:
        units = _units(value or [])
        return "\n".join(place_text(units[code]) if code in units else code for code in value or [])


def _units(codes: list[str]) -> dict[str, Territory]:
    found = Territory.objects.filter(code__in=codes).select_related("hromada", "raion", "oblast")
    return {unit.code: unit for unit in found}


def namesakes(text: str) -> list[str]:
    """Return the places that a typed name may mean, to be picked where no script offers them."""
    name = text.strip()
    if len(name) < LEAST_LETTERS:
        return []
    found: list[str] = [place_text(unit) for unit in find_places(name[:100])]
    return found
