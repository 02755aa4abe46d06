"""Small definitions of forms, and what is read by them."""

from procurement.domain.forms.proposal_forms import Reading, form_of, problems_of

LINES = {
    "name": "lines",
    "kind": "table",
    "label_uk": "Статті",
    "min_rows": 1,
    "max_rows": 2,
    "totals": ["cost"],
    "columns": [
        {"name": "what", "kind": "text", "label_uk": "Стаття", "required": True},
        {"name": "quantity", "kind": "number", "label_uk": "Кількість"},
        {"name": "price", "kind": "money", "label_uk": "Ціна"},
        {"name": "cost", "kind": "calculated", "label_uk": "Вартість", "calculate": {"product": ["quantity", "price"]}},
    ],
}


OFFER = {
    "name": "offer",
    "kind": "table",
    "label_uk": "Пропозиція",
    "rows": "lots",
    "totals": ["price"],
    "columns": [
        {"name": "price", "kind": "money", "label_uk": "Ціна", "required": True, "at_most": {"fact": "ceiling"}}
    ],
}


LOTS = {
    "lots": {
        "1": {"title": "Догляд", "ceiling": "100.00"},
        "2": {"title": "Притулок", "ceiling": "200.00"},
        "3": {"title": "Супровід", "ceiling": None},
    }
}


def form(*fields, code="a"):
    return {"sections": [{"code": code, "title_uk": "Розділ", "fields": list(fields)}]}


def field(name, kind, **spec):
    return {"name": name, "kind": kind, "label_uk": name.capitalize(), **spec}


def told(definition, content, facts=None):
    return [(one.path, str(one.text), one.missing) for one in problems_of(definition, content, facts or {})]


def reading(definition, content, facts=None):
    return Reading(form_of(definition, facts or {}), content, facts or {})
