"""The shipped tables of the social order: what binds the points of a timetable, policies, grounds, forms, rubrics.

What an administrator has corrected or checked stays. A form or a rubric whose definition has changed becomes the next
version; the one before stays for the competitions that were announced with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Max

from portal.kernel.models import RuleProfile
from portal.kernel.reference import load_norms
from procurement.domain.forms.checks import require_definition
from procurement.models import CompetitionPolicy, FormVersion, ProcedureGround, RubricVersion, TimetableRule
from procurement.ranking import require_rubric
from registry.domain.reference_rows import Counts, Row, apply, upsert

FOLDER: Final = Path(__file__).resolve().parent.parent / "reference"
_TemplateModel = TypeVar("_TemplateModel", FormVersion, RubricVersion)
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
        "grounds.json": upsert(ProcedureGround, ("slug",), _read(folder / "grounds.json")),
        "forms": _templates(FormVersion, folder / "forms"),
        "rubrics": _templates(RubricVersion, folder / "rubrics"),
    }


def _of_profiles(model: type[TimetableRule | CompetitionPolicy], key: tuple[str, ...], path: Path) -> Counts:
    rows = []
    for row in _read(path):
        profiles = RuleProfile.objects.filter(procedure=row.pop("procedure"), authority=row.pop("authority"))
        rows += [{**row, "profile_id": profile.pk} for profile in profiles]
    return upsert(model, key, rows)


def _templates(model: type[_TemplateModel], folder: Path) -> Counts:
    """Load every definition of a folder; two files never share a code."""
    counts = Counts()
    for path in sorted(folder.glob("*.json")):
        row = _read(path)
        (require_definition if model is FormVersion else require_rubric)(row["definition"])
        _put_template(model, row, counts)
    return counts


def _put_template(model: type[_TemplateModel], row: Row, counts: Counts) -> None:
    versions = model.objects.filter(code=row["code"])
    about = {name: row[name] for name in _ABOUT if name in row}
    for known in versions:
        if known.definition == row["definition"]:
            if known.edited_at is None and apply(known, about):
                known.save(update_fields=list(about))
                counts.changed += 1
            return
    last = versions.aggregate(last=Max("number"))["last"] or 0
    number = max(last + 1, row.get("number", 1))
    model.objects.create(code=row["code"], number=number, definition=row["definition"], **about)
    counts.created += 1


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
