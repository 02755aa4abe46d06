"""What is wrong in the definition of a rubric, and what is not set in it yet, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.ranking.model import ROUNDING
from procurement.ranking.texts import COLUMNS

METHODS: Final = ("mean", "sum")
TIES: Final = ("criterion", "asked", "earlier", "casting")
MOST_DIGITS: Final = 6
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,59}")
# three places, as points are kept
_DECIMAL: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,3})?")
_OF_RUBRIC: Final = {"criteria", "method", "rounding", "threshold", "consensus_spread", "ties", "award"}
_OF_CRITERION: Final = {"code", "weight", "max", "step", "threshold", "values", "name_uk", "name_en"} | {
    "note_uk",
    "note_en",
}
_OF_VALUE: Final = {"value", "text_uk", "text_en"}
_OF_AWARD: Final[Mapping[str, Sequence[str | None]]] = {"single": (None,), "budget": ("stop", "skip")}


class RubricRefused(Exception):  # noqa: N818 the name says what it is
    """The definition is no rubric; `faults` are sentences for whoever wrote it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def require_rubric(definition: Any) -> None:
    """Raise `RubricRefused` with all that is wrong; what is not known (`null`) is no fault here."""
    faults = list(faults_of(definition))
    if faults:
        raise RubricRefused(faults)


def gaps_of(definition: Any) -> list[str]:
    """Return everything because of which nobody can be ranked by this rubric: faults, or what is not set."""
    return list(faults_of(definition)) or list(_unset(definition))


def faults_of(definition: Any) -> Iterator[str]:
    """Yield what is wrong in a definition, all at once; procurement/reference/README.md describes the language."""
    criteria = definition.get("criteria") if isinstance(definition, Mapping) else None
    if not isinstance(criteria, list) or not criteria:
        yield _("A rubric is an object with the list “criteria”.")
        return
    yield from _unknown_keys(_("the rubric"), definition, _OF_RUBRIC)
    codes: list[str] = []
    for one in criteria:
        yield from _criterion(one, codes)
    for name in ("threshold", "consensus_spread"):
        yield from _number(_("the rubric"), name, definition.get(name))
    yield from _method(definition)
    yield from _ties(definition.get("ties") or [], codes)
    yield from _award(definition.get("award"))


# --- parts -----------------------------------------------------------------------------------------------------------


def _unknown_keys(where: str, told: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    for key in sorted(set(told) - known):
        yield _("%(where)s: there is no key “%(key)s”.") % {"where": where, "key": key}


def _number(where: str, name: str, value: Any, *, positive: bool = False) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value) or (positive and not Decimal(value)):
        words = _('%(where)s: “%(name)s” is a number written as text, such as "12.50", or null.')
        yield words % {"where": where, "name": name}


def _criterion(one: Any, codes: list[str]) -> Iterator[str]:
    code = one.get("code") if isinstance(one, Mapping) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code) or code in codes or code in COLUMNS:
        yield _("The code of a criterion is a word of its own: %(code)s.") % {"code": code}
        return
    codes.append(code)
    yield from _unknown_keys(code, one, _OF_CRITERION)
    if not isinstance(one.get("name_uk"), str) or not one["name_uk"]:
        yield _("%(where)s: a criterion has its “name_uk”.") % {"where": code}
    wrong = [
        *_number(code, "threshold", one.get("threshold")),
        *(fault for name in ("weight", "max", "step") for fault in _number(code, name, one.get(name), positive=True)),
    ]
    yield from wrong
    if not wrong:
        yield from _scale(code, one)


def _scale(code: str, one: Mapping[str, Any]) -> Iterator[str]:
    """Judge the values of a criterion by its greatest and its step, as far as they are set."""
    most, step = one.get("max"), one.get("step")
    if most and step and Decimal(most) % Decimal(step):
        yield _("%(where)s: the greatest value is no multiple of the step.") % {"where": code}
    if most and one.get("threshold") and Decimal(one["threshold"]) > Decimal(most):
        yield _("%(where)s: the threshold is above the greatest value.") % {"where": code}
    seen: set[Decimal] = set()
    for row in one.get("values") or []:
        told = row.get("value") if isinstance(row, Mapping) else None
        if not isinstance(told, str) or not _DECIMAL.fullmatch(told) or set(row) - _OF_VALUE or not row.get("text_uk"):
            yield _("%(where)s: a value has “value”, a number as text, and its meaning “text_uk”.") % {"where": code}
            continue
        value = Decimal(told)
        if value in seen or (most and value > Decimal(most)) or (step and value % Decimal(step)):
            words = _("%(where)s: the value %(value)s stands twice or is not on the scale.")
            yield words % {"where": code, "value": told}
        seen.add(value)


def _method(definition: Mapping[str, Any]) -> Iterator[str]:
    if definition.get("method") not in (None, *METHODS):
        yield _("“method” is one of: %(choices)s.") % {"choices": ", ".join(METHODS)}
    rounding = definition.get("rounding")
    if rounding is None:
        return
    digits = rounding.get("digits") if isinstance(rounding, Mapping) else None
    if type(digits) is not int or not 0 <= digits <= MOST_DIGITS or set(rounding) != {"rule", "digits"}:
        yield _("“rounding” has a “rule” and “digits”, a whole number from 0 to %(most)d.") % {"most": MOST_DIGITS}
    elif rounding["rule"] not in ROUNDING:
        yield _("The rule of “rounding” is one of: %(choices)s.") % {"choices": ", ".join(ROUNDING)}


def _ties(ties: Any, codes: list[str]) -> Iterator[str]:
    if not isinstance(ties, list) or not all(isinstance(one, Mapping) for one in ties):
        yield _("“ties” is a list of steps.")
        return
    expected: Mapping[str, Mapping[str, Sequence[str]]] = {
        "criterion": {"by": TIES, "criterion": codes},
        "asked": {"by": TIES, "order": ("lower",)},
    }
    for step in ties:
        keys = expected.get(str(step.get("by")), {"by": TIES})
        if set(step) != set(keys) or any(step[name] not in allowed for name, allowed in keys.items()):
            yield _("There is no such step among equals: %(step)s.") % {"step": dict(step)}
    kinds = [step.get("by") for step in ties]
    if "casting" in kinds[:-1]:
        yield _("A casting vote is the last step among equals.")


def _award(award: Any) -> Iterator[str]:
    if award is None:
        return
    kind = award.get("kind") if isinstance(award, Mapping) else None
    if (
        not isinstance(kind, str)
        or kind not in _OF_AWARD
        or award.get("when_short") not in _OF_AWARD[kind]
        or set(award) - {"kind", "when_short"}
    ):
        yield _("“award” is of the kind “single”, or “budget” with “when_short” “stop” or “skip”.")


# --- what is not set -------------------------------------------------------------------------------------------------


def _unset(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a sound definition leaves open."""
    names = {"weight": _("the weight"), "max": _("the greatest value"), "step": _("the step of the scale")}
    for one in definition["criteria"]:
        for key, name in names.items():
            if one.get(key) is None:
                words = _("The rubric does not set %(what)s of the criterion “%(criterion)s”.")
                yield words % {"what": name, "criterion": one["name_uk"]}
    whole = {
        "method": _("The rubric does not say how points of the members are put together."),
        "rounding": _("The rubric does not name the rule of rounding."),
        "threshold": _("The rubric does not set the threshold (“0” where there is none)."),
        "award": _("The rubric does not say how many proposals win."),
    }
    yield from (words for key, words in whole.items() if definition.get(key) is None)
    if [step["by"] for step in definition.get("ties") or []][-1:] != ["casting"]:
        yield _("The rubric does not say what decides in the end between equal proposals: a casting vote or a drawing.")
