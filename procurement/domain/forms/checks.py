"""What is wrong with a definition of a form, told when it is loaded and never to a bidder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from procurement.domain.forms.definition import (
    COLUMN_KINDS,
    KINDS,
    LOTS,
    MOST_ROWS,
    NUMERIC,
    REGISTERED,
    Field,
    Form,
    form_of,
)
from procurement.domain.forms.reading import FACTS, conditions_of
from procurement.domain.forms.values import day_of_value, number_of

PREFILLS: Final = frozenset(
    {"organisation_name", "organisation_code", "register_number", "services", "phones", "emails", "websites", "head"}
)
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_ALWAYS: Final = {"name", "kind", "label_uk", "label_en", "hint_uk", "hint_en", "required", "when"}
_LIMITS: Final = ("at_least", "at_most")
_OF_KIND: Final[Mapping[str, set[str]]] = {
    "text": {"max_length", "prefill", "register"},
    "long_text": {"max_length", "prefill", "register"},
    "number": {*_LIMITS, "whole", "register"},
    "money": {*_LIMITS},
    "date": {*_LIMITS, "register"},
    "yes_no": set(),
    "statement": set(),
    "choice": {"options"},
    "choices": {"options"},
    "table": {"columns", "min_rows", "max_rows", "totals", "rows"},
    "calculated": {"calculate", "result", *_LIMITS},
    "document": set(),
}
_OF_SECTION: Final = {"code", "title_uk", "title_en", "lead_uk", "lead_en", "fields"}
_COMPARISONS: Final = ("is", "in", "filled", "not")


class DefinitionRefused(Exception):  # noqa: N818 the name says what it is
    """The definition is no form; `faults` are sentences for whoever wrote it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def require_definition(definition: Any) -> None:
    """Raise `DefinitionRefused` with all that is wrong in the definition of a form."""
    faults = list(faults_of(definition))
    if faults:
        raise DefinitionRefused(faults)


def faults_of(definition: Any) -> Iterator[str]:
    """Yield what is wrong: first whether it has the shape of a form, then whether what it names is there."""
    shape = list(_shape(definition))
    yield from shape
    if not shape:
        yield from _meaning(form_of(definition, {}))


# --- shape ---------------------------------------------------------------------------------------------------------


def _shape(definition: Any) -> Iterator[str]:
    sections = definition.get("sections") if isinstance(definition, Mapping) else None
    if not isinstance(sections, list) or not sections or set(definition) != {"sections"}:
        yield "a definition is an object with the list `sections` and nothing else"
        return
    seen: set[str] = set()
    for section in sections:
        if not isinstance(section, Mapping) or not isinstance(section.get("fields"), list) or not section["fields"]:
            yield "a section is an object with its `fields`"
            continue
        code = section.get("code")
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code == LOTS or code in seen:
            yield f"the code of a section is a word of its own: {code!r}"
        seen.add(str(code))
        yield from (f"{code}: no such key of a section: {key}" for key in sorted(set(section) - _OF_SECTION))
        if not section.get("title_uk"):
            yield f"{code}: a section has its title_uk"
        yield from _names(str(code), section["fields"], KINDS)


def _names(above: str, fields: list[Any], kinds: frozenset[str]) -> Iterator[str]:
    seen: set[str] = set()
    for field in fields:
        name = field.get("name") if isinstance(field, Mapping) else None
        if not isinstance(name, str) or not _CODE.fullmatch(name) or name in seen:
            yield f"{above}: the name of a field is a word of its own: {name!r}"
            continue
        seen.add(name)
        if field.get("kind") not in kinds:
            yield f"{above}/{name}: there is no kind {field.get('kind')!r} here"
            continue
        yield from _keys(f"{above}/{name}", field)
        if "register" in field and (field["register"] not in REGISTERED or "/" in above):
            yield f"{above}/{name}: there is no such place in the register of projects: {field['register']}"


def _keys(path: str, field: Mapping[str, Any]) -> Iterator[str]:
    kind = field["kind"]
    yield from (f"{path}: no such key of {kind}: {key}" for key in sorted(set(field) - _ALWAYS - _OF_KIND[kind]))
    if not isinstance(field.get("label_uk"), str) or not field["label_uk"]:
        yield f"{path}: a field has its label_uk"
    if "required" in field and not isinstance(field["required"], bool):
        yield f"{path}: required is true or false"
    if "options" in _OF_KIND[kind]:
        yield from _options(path, field.get("options"))
    if kind == "table":
        yield from _table(path, field)
    if kind == "calculated":
        rule = field.get("calculate")
        if not isinstance(rule, Mapping) or len(rule) != 1 or not {"sum", "product", "difference"} & set(rule):
            yield f"{path}: calculate is one of sum, product, difference"
    if field.get("prefill", "head") not in PREFILLS:
        yield f"{path}: nothing is known to prefill with: {field['prefill']!r}"
    for limit in _LIMITS:
        operand = field.get(limit)
        if limit in field and not (
            isinstance(operand, Mapping) and len(operand) == 1 and {"field", "fact", "value"} & set(operand)
        ):
            yield f"{path}: {limit} names one of field, fact, value"
    yield from _whens(path, field)


def _options(path: str, options: Any) -> Iterator[str]:
    good = isinstance(options, list) and options and all(isinstance(one, Mapping) for one in options)
    codes = [one.get("code") for one in options] if good else []
    if not good or len(set(map(str, codes))) != len(codes):
        yield f"{path}: options are a list of choices with codes of their own"
        return
    for one in options:
        if not isinstance(one.get("code"), str) or not _CODE.fullmatch(one["code"]) or not one.get("label_uk"):
            yield f"{path}: a choice has its code and label_uk: {one.get('code')!r}"


def _table(path: str, field: Mapping[str, Any]) -> Iterator[str]:
    columns = field.get("columns")
    if not isinstance(columns, list) or not columns:
        yield f"{path}: a table has its columns"
        return
    yield from _names(path, columns, COLUMN_KINDS)
    least, most = field.get("min_rows", 0), field.get("max_rows", MOST_ROWS)
    if type(least) is not int or type(most) is not int or not 0 <= least <= most <= MOST_ROWS or not most:
        yield f"{path}: rows are from min_rows to max_rows, at most {MOST_ROWS}"
    if "rows" in field and (field["rows"] != LOTS or {"min_rows", "max_rows"} & set(field)):
        yield f"{path}: rows is `lots`, and then nobody adds any"
    if any(isinstance(one, Mapping) and ("when" in one or "prefill" in one) for one in columns):
        yield f"{path}: a column has no condition and is not prefilled"


def _whens(path: str, field: Mapping[str, Any]) -> Iterator[str]:
    told = field.get("when")
    for condition in [told] if isinstance(told, Mapping) else told if isinstance(told, list) else []:
        if not isinstance(condition, Mapping) or not isinstance(condition.get("field"), str):
            yield f"{path}: a condition names its field"
        elif set(condition) - {"field"} - set(_COMPARISONS) or len(condition) != 2:  # noqa: PLR2004 field and one more
            yield f"{path}: a condition has one of is, in, filled, not"
        elif "in" in condition and not isinstance(condition["in"], list):
            yield f"{path}: `in` is a list"
    if told is not None and not isinstance(told, Mapping | list):
        yield f"{path}: when is a condition or a list of them"


# --- meaning -------------------------------------------------------------------------------------------------------


def _meaning(form: Form) -> Iterator[str]:
    for field in form.fields():
        for one in (field, *field.columns):
            yield from _conditions(form, one)
            yield from _calculation(form, one)
            yield from _bounds(form, one)
        for name in field.spec.get("totals", ()):
            column = field.column(name)
            if column is None or column.kind not in NUMERIC:
                yield f"{field.path}: no column of numbers to add up: {name}"
    yield from _circles(form)


def _conditions(form: Form, field: Field) -> Iterator[str]:
    for condition in conditions_of(field.spec):
        other = form.field(condition["field"])
        if other is None:
            yield f"{field.path}: the condition looks at no field: {condition['field']}"
            continue
        wanted = condition.get("in") or [condition[key] for key in ("is", "not") if key in condition]
        if other.options:
            yield from (
                f"{field.path}: {other.path} has no choice {one!r}" for one in wanted if one not in other.options
            )
        if other.kind in ("yes_no", "statement") and any(not isinstance(one, bool) for one in wanted):
            yield f"{field.path}: {other.path} is true or false"


def _calculation(form: Form, field: Field) -> Iterator[str]:
    rule = field.spec.get("calculate")
    if rule is None:
        return
    if field.spec.get("result", "money") not in ("money", "number"):
        yield f"{field.path}: a result is money or a number"
    refs = [rule["sum"]] if "sum" in rule else rule.get("product") or rule.get("difference")
    if not isinstance(refs, list) or not all(isinstance(ref, str) for ref in refs):
        yield f"{field.path}: a calculation names its fields"
    elif "sum" not in rule and len(refs) < 2:  # noqa: PLR2004 one number makes no product
        yield f"{field.path}: a product or difference is of two or more"
    else:
        for ref in refs:
            other = _numeric(form, field, ref, of_column="sum" in rule)
            if other is None:
                yield f"{field.path}: no number to calculate with: {ref}"


def _numeric(form: Form, field: Field, ref: str, *, of_column: bool) -> Field | None:
    if of_column:
        table = form.field(ref.rpartition("/")[0])
        other = table.column(ref.rpartition("/")[2]) if table is not None else None
    else:
        other = _named(form, field, ref)
    return other if other is not None and other.kind in NUMERIC else None


def _named(form: Form, field: Field, ref: str) -> Field | None:
    """Return the field of a reference: a bare name is a column of the same row."""
    if "/" in ref:
        return form.field(ref)
    table = form.table_of(field)
    return table.column(ref) if table is not None else None


def _bounds(form: Form, field: Field) -> Iterator[str]:
    for limit in _LIMITS:
        operand = field.spec.get(limit)
        if operand is None:
            continue
        if "value" in operand:
            read = day_of_value if field.kind == "date" else number_of
            if not isinstance(operand["value"], str) or read(operand["value"]) is None:
                yield f"{field.path}: {limit} is no value, write it as text: {operand['value']!r}"
        elif "fact" in operand:
            if operand["fact"] not in FACTS:
                yield f"{field.path}: there is no fact {operand['fact']!r}"
        else:
            other = _named(form, field, str(operand["field"]))
            kinds = {"date"} if field.kind == "date" else NUMERIC
            if other is None or other.kind not in kinds:
                yield f"{field.path}: nothing to compare with: {operand['field']}"


def _circles(form: Form) -> Iterator[str]:
    """Tell of fields that look at themselves by way of conditions and calculations."""
    looks = {one.path: set(_looks_at(form, one)) for field in form.fields() for one in (field, *field.columns)}
    done: set[str] = set()

    def turns(path: str, above: tuple[str, ...]) -> bool:
        if path in above:
            return True
        if path in done:
            return False
        done.add(path)
        return any(turns(other, (*above, path)) for other in looks.get(path, ()))

    for path in looks:
        if turns(path, ()):
            yield f"{path}: it looks at itself"
            return


def _looks_at(form: Form, field: Field) -> Iterator[str]:
    for condition in conditions_of(field.spec):
        yield condition["field"]
    rule = field.spec.get("calculate") or {}
    for ref in [rule["sum"]] if "sum" in rule else rule.get("product") or rule.get("difference") or ():
        other = None if "sum" in rule else _named(form, field, str(ref))
        yield str(ref) if other is None else other.path
    for column in field.columns:
        yield column.path
