"""What the portal finds out about a proposal by itself, for those who check it; they decide, it only says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.domain.calls.freezing import rules_of
from procurement.domain.evaluation.contents import asked_sums, content_of
from procurement.domain.forms.definition import Form
from procurement.domain.forms.proposal_forms import Problem, Reading, judge
from procurement.domain.forms.values import number_of
from procurement.domain.forms.words import amount_words
from procurement.domain.proposals.drafts import announcement_of, form_and_facts
from procurement.domain.proposals.eligibility import requirements_of
from procurement.enums import CheckResult
from procurement.models import Admission, Proposal

Found = tuple[str, str]


def suggestions_of(admission: Admission) -> Mapping[str, Found]:
    """Return what the portal finds itself, by item code: (`CheckResult`, words).

    Items name their check in the frozen policy: `form`, `documents`, `standing`, `ceiling`; one without gets none.
    """
    looked = _Look(admission.proposal)
    checks = {item["code"]: _CHECKS.get(item.get("check") or "") for item in looked.policy["admission"]}
    return {code: check(looked) for code, check in checks.items() if check is not None}


@dataclass
class _Look:
    """An opened proposal as the checks see it; everything is read once."""

    proposal: Proposal
    policy: Mapping[str, Any] = field(init=False)
    form: Form = field(init=False)
    facts: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.policy = rules_of(self.proposal.competition).policy
        self.form, self.facts = form_and_facts(announcement_of(self.proposal))

    @cached_property
    def told(self) -> Mapping[str, Any]:
        return content_of(self.proposal)

    @property
    def content(self) -> Mapping[str, Any]:
        return self.told.get("content") or {}

    @cached_property
    def problems(self) -> list[Problem]:
        return judge(Reading(self.form, self.content, self.facts))

    @property
    def fault(self) -> str:
        return self.proposal.fault if self.proposal.content is None else ""

    def is_document(self, path: str) -> bool:
        found = self.form.field(path)
        return found is not None and found.kind == "document"


def _by_form(looked: _Look) -> Found:
    if looked.fault:
        return CheckResult.NOT_MET, looked.fault
    wrong = [str(one.text) for one in looked.problems if not looked.is_document(one.path)]
    return _judged(wrong, _("Everything that the form requires is answered."))


def _by_documents(looked: _Look) -> Found:
    if looked.fault:
        return CheckResult.NOT_MET, looked.fault
    wrong = [str(one.text) for one in looked.problems if looked.is_document(one.path)]
    named = {value for value in looked.content.values() if isinstance(value, str)}
    for key, about in (looked.told.get("files") or {}).items():
        if key in named and about.get("fault"):
            wrong.append(_("The file “%(name)s” does not open.") % {"name": about["name"]})
    return _judged(wrong, _("All required documents are there, and the files open."))


def _by_standing(looked: _Look) -> Found:
    competition = looked.proposal.competition
    assert competition.opened_at is not None
    asked = requirements_of(competition, looked.proposal.organisation, competition.opened_at)
    words = " ".join(one.text for one in asked)
    if any(one.met is False for one in asked):
        return CheckResult.NOT_MET, words
    if any(one.met is None for one in asked):
        return CheckResult.UNCLEAR, words
    return CheckResult.MET, words or _("The rules of the competition ask for nothing that the register knows.")


def _by_ceiling(looked: _Look) -> Found:
    if looked.fault:
        return CheckResult.UNCLEAR, looked.fault
    sums = asked_sums(looked.form, looked.content, looked.facts, looked.policy["asked_path"])
    found = [_under(looked, lot, asked) for lot, asked in sums.items()]
    if not found:
        return CheckResult.UNCLEAR, _("The rules do not say where the sum asked for stands.")
    worst = next((one for one in _WORST if one in {result for result, _words in found}), CheckResult.MET)
    return worst, " ".join(words for _result, words in found)


def _under(looked: _Look, lot: str, asked: Decimal | None) -> Found:
    """Compare the sum asked for in a lot with its ceiling, or, where the lot has none, with the limit of all."""
    ceiling = number_of(looked.facts["lots"][lot].get("ceiling")) or number_of(looked.facts.get("budget_limit"))
    if asked is None:
        return CheckResult.UNCLEAR, _("Lot %(lot)s: the sum asked for is not known.") % {"lot": lot}
    told = {"lot": lot, "asked": amount_words(asked, is_money=True)}
    if ceiling is None:
        return CheckResult.UNCLEAR, _("Lot %(lot)s: %(asked)s UAH is asked for, there is no ceiling.") % told
    told["ceiling"] = amount_words(ceiling, is_money=True)
    if asked > ceiling:
        return (
            CheckResult.NOT_MET,
            _("Lot %(lot)s: %(asked)s UAH is asked for, more than the ceiling of %(ceiling)s UAH.") % told,
        )
    return CheckResult.MET, _("Lot %(lot)s: %(asked)s UAH is asked for, the ceiling is %(ceiling)s UAH.") % told


def _judged(wrong: Sequence[str], well: str) -> Found:
    return (CheckResult.NOT_MET, "; ".join(wrong)) if wrong else (CheckResult.MET, well)


_WORST: Final = (CheckResult.NOT_MET, CheckResult.UNCLEAR)
_CHECKS: Final[Mapping[str, Callable[[_Look], Found]]] = {
    "form": _by_form,
    "documents": _by_documents,
    "standing": _by_standing,
    "ceiling": _by_ceiling,
}
