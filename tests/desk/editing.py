"""Forms of an entry as a browser would send them back."""

from django.urls import reverse

from registry.interfaces.hours import DAYS

GROUND = "Заява № 7 від 20.11.2026"


def address(desk, view, *args) -> str:
    return reverse(f"desk_entries:{view}", args=[desk.entry.number, *args])


def filled(response, **changes) -> dict[str, object]:
    """Return what a browser would send back from the page's form, with the changes typed."""
    form = response.context["form"]
    data: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if bound.name == "hours":
            lines = bound.field.widget.decompress(value)
            data |= {f"hours_{day}": line for day, line in zip([*DAYS, "note"], lines, strict=True)}
        elif isinstance(value, bool):
            data |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            data[bound.html_name] = bound.field.prepare_value(value)
    data |= {"ground": GROUND, **changes}
    return {name: value for name, value in data.items() if value is not None}
