"""The shipped tables of the social order: what binds the points of a timetable, policies, grounds, templates.

What an administrator has corrected or checked stays. A form, a rubric, a template of a contract, a checklist, … whose
definition has changed becomes the next version; the one before stays for what was made with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from portal.kernel.models import RuleProfile
from portal.kernel.reference import load_norms
from procurement.domain.contracts.templates import require_contract_template
from procurement.domain.forms.checks import require_definition
from procurement.domain.monitoring.checklists import require_checklist
from procurement.domain.quality.indicators import require_indicators
from procurement.domain.quality.questionnaires import require_questionnaire
from procurement.models import (
    ChecklistVersion,
    CompetitionPolicy,
    ContractTemplate,
    FormVersion,
    IndicatorSet,
    ProcedureGround,
    RiskRule,
    RubricVersion,
    SurveyForm,
    TimetableRule,
)
from procurement.models.law import Template
from procurement.ranking import require_rubric
from registry.domain.reference_rows import Counts, Row, apply, upsert

FOLDER: Final = Path(__file__).resolve().parent.parent / "reference"
GROUNDS: Final = ("grounds.json", "contract_grounds.json", "violations.json")
# each folder of templates: whose rows they are, and what refuses a definition that would not work
TEMPLATES: Final[dict[str, tuple[type[Template], Callable[[Any], Any]]]] = {
    "forms": (FormVersion, require_definition),
    "rubrics": (RubricVersion, require_rubric),
    "contract_templates": (ContractTemplate, require_contract_template),
    "checklists": (ChecklistVersion, require_checklist),
    "indicators": (IndicatorSet, require_indicators),
    "questionnaires": (SurveyForm, require_questionnaire),
}
_ABOUT: Final = ("title_uk", "title_en", "act", "point", "verified", "note")


@transaction.atomic
def load_procurement(*, folder: Path = FOLDER) -> dict[str, Counts]:
    """Bring the shipped rows into the tables, by file; safe to run twice. The rule profiles are the kernel's."""
    if not RuleProfile.objects.filter(procedure="social-order").exists():
        load_norms()
    return {
        "timetable.json": _of_profiles(
            TimetableRule, ("profile_id", "code", "start", "end"), folder / "timetable.json"
        ),
        "policies.json": _of_profiles(CompetitionPolicy, ("profile_id",), folder / "policies.json"),
        **{name: upsert(ProcedureGround, ("slug",), _read(folder / name)) for name in GROUNDS},
        "risks.json": upsert(RiskRule, ("slug",), _read(folder / "risks.json")),
        **{name: _templates(*kind, folder / name) for name, kind in TEMPLATES.items()},
    }


def _of_profiles(model: type[TimetableRule | CompetitionPolicy], key: tuple[str, ...], path: Path) -> Counts:
    rows = []
    for row in _read(path):
        profiles = RuleProfile.objects.filter(procedure=row.pop("procedure"), authority=row.pop("authority"))
        rows += [{**row, "profile_id": profile.pk} for profile in profiles]
    return upsert(model, key, rows)


def _templates(model: type[Template], require: Callable[[Any], Any], folder: Path) -> Counts:
    """Load every definition of a folder; two files never share a code."""
    counts = Counts()
    for path in sorted(folder.glob("*.json")):
        row = _read(path)
        require(row["definition"])
        _put_template(model, row, counts)
    return counts


def _put_template(model: type[Template], row: Row, counts: Counts) -> None:
    rows = model._default_manager  # noqa: SLF001
    versions = rows.filter(code=row["code"])
    about: Row = {name: row[name] for name in _ABOUT if name in row}
    for known in versions:
        if known.definition == row["definition"]:
            if known.edited_at is None and apply(known, about):
                known.save(update_fields=list(about))
                counts.changed += 1
            return
    last = versions.aggregate(last=Max("number"))["last"] or 0
    number = max(last + 1, row.get("number", 1))
    rows.create(code=row["code"], number=number, definition=row["definition"], **about)
    counts.created += 1


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
