"""The shipped rules about payment and staffing as the loader puts them, in tables that hold nothing else."""

from datetime import date
from decimal import Decimal

from registry.domain.entitlement.answers import Answers, Place
from registry.domain.entitlement.judging import Verdict, judge
from registry.domain.reference import FOLDER, LOADERS
from registry.models import ServiceType
from registry.queries.entitlement import rules_on
from tests.factories.kept import once

TABLES = (
    "delivery_forms.json",
    "vulnerable_groups.json",
    "service_types.json",
    "subsistence_minimums.csv",
    "free_of_charge.json",
    "income_bands.json",
    "staffing_norms.json",
)


@once
def load_rules() -> None:
    for name in TABLES:
        LOADERS[name](FOLDER / name, None)


def told(day: str = "2026-11-26", **answers) -> Answers:
    """Return answers in which nothing is left open but what is named: no category, no disability, not urgent."""
    known = {
        "place": Place.PUBLIC,
        "groups_told": True,
        "disability": "none",
        "urgent": False,
        "age": 40,
        "capacity": "working_age",
        "family": 1,
    }
    values = known | answers
    if isinstance(values.get("income"), str | int):
        values["income"] = Decimal(values["income"])
    values["groups"] = frozenset(values.get("groups", ()))
    return Answers(day=date.fromisoformat(day), **values)


def verdict(service: str = "home-care", **answers) -> Verdict:
    said = told(**answers)
    return judge(ServiceType.objects.get(slug=service), said, rules_on(said.day))


def words(found: Verdict) -> str:
    """Return the outcome of a verdict in a word of the tables of cases."""
    return found.outcome.value if found.outcome else "not computed"
