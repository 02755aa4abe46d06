"""The rules of a rubric in words: how points become a total, what is needed to pass, who wins, also among equals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.kernel.models.reference import in_language

Line = tuple[str, str]


def rule_lines(definition: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return (what, how) of everything that the definition settles besides its criteria; what is not set says so.

    An announcement of older days names none of it: then there is nothing to show.
    """
    if not definition.get("rounding") and not definition.get("award"):
        return ()
    unset = str(_("not set"))
    return (
        (str(_("Points of the members")), _method(definition) or unset),
        (str(_("Rounding")), _rounding(definition) or unset),
        (str(_("To pass")), _threshold(definition) or unset),
        (str(_("Equal totals")), "; ".join(_ties(definition)) or unset),
        (str(pgettext("rubric", "Who wins")), _award(definition) or unset),
    )


def _method(definition: Mapping[str, Any]) -> str:
    words = {
        "mean": _("the mean for each criterion; the total is the sum of the means times their weights"),
        "sum": _("the sum for each criterion; the total is the sum of these times their weights"),
    }
    return words.get(definition.get("method") or "", "")


def _rounding(definition: Mapping[str, Any]) -> str:
    rounding = definition.get("rounding")
    if not rounding:
        return ""
    rules = {"half_up": _("half up"), "half_even": _("half to the even digit"), "down": _("down")}
    digits = ngettext("%(count)d digit after the point", "%(count)d digits after the point", rounding["digits"])
    return _("%(rule)s, %(digits)s; each criterion and the total once") % {
        "rule": rules[rounding["rule"]],
        "digits": digits % {"count": rounding["digits"]},
    }


def _figures(text: str) -> str:
    return number_format(Decimal(text))


def _threshold(definition: Mapping[str, Any]) -> str:
    told = []
    if definition.get("threshold") is not None:
        told.append(_("%(points)s points in all") % {"points": _figures(definition["threshold"])})
    for one in definition.get("criteria", ()):
        if one.get("threshold"):
            name = in_language(one["name_uk"], one.get("name_en") or "")
            told.append(_("%(points)s for “%(criterion)s”") % {"points": _figures(one["threshold"]), "criterion": name})
    return ", ".join(told)


def _ties(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield the steps by which equals are told apart, in their order."""
    names = {
        one["code"]: in_language(one["name_uk"], one.get("name_en") or "") for one in definition.get("criteria", ())
    }
    words = {
        "asked": _("the lower sum asked for"),
        "earlier": _("the earlier submission"),
        "casting": _("the casting vote of the chair, or a drawing"),
    }
    for step in definition.get("ties") or ():
        if step["by"] == "criterion":
            yield _("more points for “%(criterion)s”") % {"criterion": names.get(step["criterion"], step["criterion"])}
        else:
            yield words[step["by"]]


def _award(definition: Mapping[str, Any]) -> str:
    award = definition.get("award")
    if not award:
        return ""
    if award["kind"] == "single":
        return _("the first that passes, in each lot")
    if award.get("when_short") == "stop":
        return _("from the top, as far as the budget reaches; what does not fit ends it")
    return _("from the top, as far as the budget reaches; what does not fit is passed over")
