"""Risk rules as they are shipped, without loading everything else that is."""

from __future__ import annotations

import json

from procurement.domain.reference import FOLDER
from procurement.models import RiskRule


def make_risk_rules() -> dict[str, RiskRule]:
    """Return the shipped rules by slug, the same ones when asked again."""
    rows = json.loads((FOLDER / "risks.json").read_text(encoding="utf-8"))
    return {row["slug"]: RiskRule.objects.get_or_create(slug=row["slug"], defaults=row)[0] for row in rows}
