"""Codes, moments and references of minutes in words, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.kernel.models.reference import in_language
from procurement.enums import MemberRole
from procurement.interfaces.moments import in_words, read_point

# who decided, by the role that the log has
_BY: Final[dict[str, str | Promise]] = {
    "commission-chair": pgettext_lazy("decided by", "the chair"),
    "commission-deputy": pgettext_lazy("decided by", "the deputy chair"),
}


def moment_words(value: Any) -> str:
    """Write a kept moment or day with its time in Kyiv; nothing for nothing."""
    return in_words(read_point(value))


def label(choices: type[models.TextChoices], value: Any) -> str:
    """Return what a code is called; a code that the portal no longer has stands as it is."""
    return str(dict(choices.choices).get(str(value), value))


def named(row: Mapping[str, Any], name: str) -> str:
    """Return a text of reference in the language of the reader."""
    return in_language(str(row.get(f"{name}_uk") or ""), str(row.get(f"{name}_en") or ""))


def by_words(role: str) -> str:
    """Say in which role somebody decided on a recusal."""
    return str(_BY.get(role, _("an official of the commissioner"))) if role else ""


def drawn_by_words(who: Mapping[str, str]) -> str:
    """Say who drew the minutes up; officials stand for their office."""
    if not who["name"]:
        return _("an official of the commissioner")
    return f"{who['name']} ({label(MemberRole, who['role'])})"


def method_words(rubric: Mapping[str, Any]) -> str:
    """Say how the points of members become the points of a proposal."""
    if rubric.get("method") == "sum":
        return _("For each criterion the points of all members are added up; the total is their sum by weight.")
    return _("For each criterion the mean of the members' points is taken; the total is their sum by weight.")


def award_words(rubric: Mapping[str, Any]) -> str:
    """Say who wins by the rubric."""
    award = rubric.get("award") or {}
    if award.get("kind") != "budget":
        return _("The first proposal of a lot that reaches the threshold wins it.")
    if award.get("when_short") == "stop":
        return _("Those win that fit into the lot's budget from the top; the first that does not fit ends the list.")
    return _("Those win that fit into the lot's budget from the top; one that does not fit is passed over.")


def counted_words(submitted: int, admitted: int) -> str:
    """Say how many proposals there were and how many were scored, and what that means where there was one or none."""
    told = ngettext("%(count)d proposal was opened", "%(count)d proposals were opened", submitted) % {
        "count": submitted
    }
    if admitted == 0:
        return _("%(told)s; none was admitted to scoring.") % {"told": told}
    let = ngettext("%(count)d was admitted to scoring", "%(count)d were admitted to scoring", admitted)
    said = f"{told}; {let % {'count': admitted}}."
    if admitted == 1:
        alone = _("A single proposal is scored as any other: it may win if it reaches the threshold.")
        return f"{said} {alone}"
    return said


def kept_quorum_words(quorum: Mapping[str, Any]) -> str:
    """Say the rule of the quorum as it was kept, and what it came to."""
    rule = str(quorum.get("words") or quorum.get("rule") or "")
    counted = _("Appointed: %(appointed)s, recused: %(recused)s, able to take part: %(able)s, needed: %(needed)s.") % {
        name: quorum.get(name, "") for name in ("appointed", "recused", "able", "needed")
    }
    return f"{rule[:1].upper()}{rule[1:]}{'' if rule.endswith('.') or not rule else '.'} {counted}".strip()
