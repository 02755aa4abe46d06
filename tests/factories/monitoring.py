"""Visits, findings, risk cards and quality evaluations, as rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.calendar import day_of
from procurement.contract_enums import FindingOutcome, FindingState, QualityKind, QualityState, VisitState
from procurement.models import (
    ChecklistVersion,
    Contract,
    Finding,
    FindingReply,
    FindingResult,
    IndicatorRating,
    IndicatorSet,
    QualityEvaluation,
    RiskCard,
    RiskRule,
    Visit,
    VisitAnswer,
    WorkingGroupMember,
)
from tests.factories.accounts import make_mandate, make_person
from tests.factories.contracts import NOW, make_typed_ground
from tests.factories.registry import make_catalogue, make_territories

TITLES = {"title_uk": "Перевірка догляду вдома", "title_en": "Check of home care"}
ITEMS = [
    {"code": code, "text_uk": text, "text_en": text, "citation": "Державний стандарт, п. 5", "severity": "major"}
    for code, text in (
        ("individual-plan", "Є індивідуальний план."),
        ("journal", "Ведеться журнал наданих послуг."),
        ("schedule", "Графік дотримано."),
    )
]
INDICATORS = [
    {
        "code": code,
        "name_uk": name_uk,
        "name_en": name_en,
        "weight": "1",
        **dict.fromkeys(("measure_uk", "measure_en", "note_uk", "note_en"), ""),
    }
    for code, name_uk, name_en in (
        ("timeliness", "Своєчасність", "Timeliness"),
        ("dignity", "Повага до гідності", "Dignity"),
    )
]


def make_checklist(code: str = "test-home-care", **fields: Any) -> ChecklistVersion:
    """Return a checklist of three items, made once."""
    facts = {**TITLES, "definition": {"services": ["home-care"], "items": ITEMS}, **fields}
    return ChecklistVersion.objects.get_or_create(code=code, number=1, defaults=facts)[0]


def make_visit(contract: Contract, state: str = VisitState.CONCLUDED, **fields: Any) -> Visit:
    """Return a visit in a state; a held one has its answers, the second and third item not met."""
    held = state in (VisitState.HELD, VisitState.CONCLUDED)
    concluded = state == VisitState.CONCLUDED
    visit = Visit.objects.create(
        **{
            "contract": contract,
            "number": contract.visits.count() + 1,
            "year": 2027,
            "planned_on": date(2027, 6, 10),
            "basis": "turn",
            "state": state,
            "checklist": make_checklist(),
            "team": [{"name": "Олена Коваль", "position": "головний спеціаліст"}],
            "held_on": date(2027, 6, 10) if held else None,
            "conclusion": "Послуга надається, є відхилення." if concluded else "",
            "concluded_at": NOW - timedelta(days=30) if concluded else None,
            "digest": audit.digest_of({"visit": str(contract.pk)}) if concluded else "",
            "created_at": NOW - timedelta(days=60),
            "created_by": contract.created_by,
            **fields,
        }
    )
    for item, answer in zip(ITEMS, ("ok", "breach", "breach"), strict=True) if held else ():
        VisitAnswer.objects.create(visit=visit, code=item["code"], answer=answer, answered_at=NOW - timedelta(days=34))
    return visit


def make_finding(visit: Visit, **fields: Any) -> Finding:
    """Return an open finding of a visit."""
    return Finding.objects.create(
        **{
            "visit": visit,
            "contract": visit.contract,
            "number": visit.contract.findings.count() + 1,
            "code": "journal",
            "kind": make_typed_ground("violation"),
            "citation": "Державний стандарт догляду вдома, п. 5",
            "severity": "major",
            "text": "Журнал наданих послуг не ведеться.",
            "demand": "Завести журнал.",
            "due_on": day_of(NOW) + timedelta(days=5),
            **fields,
        }
    )


def reply(finding: Finding, **fields: Any) -> FindingReply:
    """Let the provider's person reply."""
    person = finding.contract.contractor.mandates.first().person
    Finding.objects.filter(pk=finding.pk).update(state=FindingState.REPLIED)
    finding.refresh_from_db()
    facts = {"text": "Журнал заведено.", "key": uuid4(), "at": NOW - timedelta(days=10), "by": person, **fields}
    return FindingReply.objects.create(finding=finding, **facts)


def judge(finding: Finding, outcome: str = FindingOutcome.ELIMINATED, **fields: Any) -> FindingResult:
    """Judge a finding; a final outcome closes it."""
    final = outcome in FindingOutcome.final
    facts = {"reason": "Побачено на місці.", "at": NOW - timedelta(days=5), "by": finding.contract.created_by}
    result = FindingResult.objects.create(finding=finding, outcome=outcome, **{**facts, **fields})
    finding.outcome, finding.state = outcome, FindingState.CLOSED if final else FindingState.OPEN
    finding.closed_at = result.at if final else None
    finding.save()
    return result


def make_risk_card(contract: Contract, slug: str = "value-raised", **fields: Any) -> RiskCard:
    """Return an open card about a contract; its rule is made where none is loaded."""
    facts = {
        "text_uk": "Суму збільшено після укладення.",
        "formula_uk": "Сума чинної версії більша за першу.",
        "valid_from": date(2020, 1, 1),
    }
    rule = RiskRule.objects.get_or_create(slug=slug, defaults=facts)[0]
    values = {"data": {"first": "100.00", "now": "130.00"}, "found_at": NOW, "changed_at": NOW, **fields}
    return RiskCard.objects.create(rule=rule, contract=contract, **values)


def make_indicators(code: str = "test-904", **fields: Any) -> IndicatorSet:
    """Return a set of two indicators of equal weight, made once."""
    definition = {
        "indicators": INDICATORS,
        "bands": [
            {"code": "good", "name_uk": "добре", "name_en": "good", "from": "80"},
            {"code": "fair", "name_uk": "задовільно", "name_en": "fair", "from": "51"},
            {"code": "poor", "name_uk": "незадовільно", "name_en": "poor", "from": "0"},
        ],
        "rounding": {"rule": "half_up", "digits": 2, "grade_digits": 0},
        "missing": {"rule": "leave_out", "needed_weight": "0.5"},
    }
    facts = {"title_uk": "Показники якості", "definition": definition, **fields}
    return IndicatorSet.objects.get_or_create(code=code, number=1, defaults=facts)[0]


def make_evaluation(
    organisation: Organisation, *, kind: str = QualityKind.EXTERNAL, state: str = QualityState.PUBLISHED, **fields: Any
) -> QualityEvaluation:
    """Return an evaluation of home care over 2026 with both indicators rated; a published one has its total."""
    published = state == QualityState.PUBLISHED
    external = kind == QualityKind.EXTERNAL
    made = QualityEvaluation.objects.create(
        **{
            "organisation": organisation,
            "service_type": make_catalogue().home_care,
            "hromada": make_territories().dykanska if external else None,
            "kind": kind,
            "state": state,
            "period_from": date(2026, 1, 1),
            "period_to": date(2026, 12, 31),
            "indicators": make_indicators(),
            "act_number": "14",
            "act_on": date(2027, 1, 25),
            "conclusion": "Послуга відповідає стандарту." if published else "",
            "total": Decimal("85.00") if published else None,
            "grade": "good" if published else "",
            "oldest_on": date(2026, 11, 5) if published else None,
            "content": {"total": "85.00"} if published else {},
            "digest": audit.digest_of({"evaluation": str(organisation.pk)}) if published else "",
            "created_at": NOW - timedelta(days=90),
            "published_at": NOW - timedelta(days=40) if published else None,
            **fields,
        }
    )
    for place, (indicator, value) in enumerate(zip(INDICATORS, ("90", "80"), strict=True)):
        IndicatorRating.objects.create(
            evaluation=made,
            code=indicator["code"],
            value=Decimal(value),
            method="visit",
            evidence="Акт відвідування",
            evidence_on=date(2026, 11, 5 + place),
        )
    if external:
        WorkingGroupMember.objects.create(evaluation=made, name="Коваль Олена", body="Селищна рада", is_head=True)
        WorkingGroupMember.objects.create(evaluation=made, name="Мороз Лідія", body="ГО «Разом»", is_civil_society=True)
    return made


def make_speaker_of(organisation: Organisation, scope: str = "representative") -> Any:
    """Return another person with a mandate of the provider."""
    person = make_person()
    make_mandate(person, organisation, scope)
    return person
