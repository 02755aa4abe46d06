"""The rules of competitions as shipped, terms unset, and invented profiles that say so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from portal.kernel.models import CalendarRegime, DeadlineRule, RuleProfile
from portal.kernel.reference import FOLDER as NORMS
from portal.kernel.reference import load_norms
from procurement.domain.reference import load_procurement
from procurement.domain.seal.keys import make_missing_keys
from procurement.models import (
    CompetitionPolicy,
    ProcedureGround,
    TimetableRule,
)
from tests.factories.kept import once
from tests.factories.registry import make_territories

START = date(2020, 1, 1)


@cache
def _shipped(path: Any) -> str:
    return path.read_text(encoding="utf-8")


def make_rules() -> None:
    """Bring in the national rules of both procedures as shipped (amounts unset), martial law, forms, grounds; once."""
    make_missing_keys()
    if not TimetableRule.objects.exists():
        _put_rules()


@once
def _put_rules() -> None:
    if not CalendarRegime.objects.exists():
        CalendarRegime.objects.create(kind="martial_law", valid_from=date(2022, 2, 24), ground="Указ 64/2022")
    for row in json.loads(_shipped(NORMS / "rules.json")):
        if row["procedure"] in ("social-order", "social-project"):
            _put_profile(row)
    load_procurement()


def _put_profile(row: dict[str, Any]) -> None:
    about = {name: row[name] for name in ("title", "title_en", "note")}
    profile, is_new = RuleProfile.objects.get_or_create(
        procedure=row["procedure"], authority="", valid_from=row["valid_from"], defaults=about
    )
    if is_new:
        own = [{name: value for name, value in rule.items() if name not in ("row", "act")} for rule in row["rules"]]
        DeadlineRule.objects.bulk_create(
            DeadlineRule(**{**rule, "unit": rule["unit"] or ""}, profile=profile, effective_from=row["valid_from"])
            for rule in own
        )


def load_all_rules() -> None:
    """Bring in everything as shipped, acts with their citations too; slower than `make_rules`."""
    make_missing_keys()
    _put_all_rules()


@once
def _put_all_rules() -> None:
    load_norms()
    load_procurement()


def make_profile(
    authority: str = "", *, procedure: str = "social-order", policy: Mapping[str, Any] | None = None, **amounts: Any
) -> RuleProfile:
    """Return a profile of invented terms: `proposals_window=15`, or `question_grace=(24, "hours")`; others stay unset.

    Without an authority it is that of Dykanka. Terms not named are the national ones.
    """
    make_rules()
    authority = authority or make_territories().dykanska.code
    profile, _ = RuleProfile.objects.get_or_create(
        procedure=procedure,
        authority=authority,
        valid_from=START,
        defaults={"title": "Місцевий порядок", "title_en": "Local rules", "note": "Вигадано для перевірки."},
    )
    national = DeadlineRule.objects.filter(profile__procedure=procedure, profile__authority="")
    for name, amount in amounts.items():
        code = name.replace("_", "-")
        length, unit = amount if isinstance(amount, tuple) else (amount, "calendar_days")
        same = national.filter(code=code).values("anchor", "anchor_en", "action", "action_en", "direction").get()
        facts = {**same, "amount": length, "unit": unit, "point": "п. 7"}
        DeadlineRule.objects.update_or_create(profile=profile, code=code, effective_from=START, defaults=facts)
    if policy is not None:
        kept = CompetitionPolicy.objects.get(profile__procedure=procedure, profile__authority="")
        same = {name: getattr(kept, name) for name in ("name", "channel", "needs_specification", "form", "rubric")}
        CompetitionPolicy.objects.update_or_create(profile=profile, defaults={**same, **policy})
    return profile


def make_ground(use: str = "change") -> ProcedureGround:
    """Return the first shipped ground for such a step."""
    make_rules()
    return ProcedureGround.objects.filter(use=use).order_by("order").first()
