"""What is said at start-up: that the index has to be built, or that nobody has decided how a public model is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 Django's own names
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from wagtail.models import Page

from portal.kernel import visibility
from portal.kernel.visibility import Audience
from search.engines import ENGINES, engine, is_on
from search.engines.interface import EngineAway
from search.enums import Kind
from search.indexing import Health, health

# model → the kind of document by which it is found, as itself or as a part of another; pages of every type are PAGE
FOUND_AS: Final = {
    "accounts.organisation": Kind.PROVIDER,
    "registry.registerentry": Kind.PROVIDER,
    "registry.site": Kind.SERVICE,
    "registry.contact": Kind.PROVIDER,
    "registry.service": Kind.SERVICE,
    "registry.availability": Kind.SERVICE,
    "procurement.competition": Kind.COMPETITION,
    "procurement.competitionversion": Kind.COMPETITION,
    "procurement.lot": Kind.COMPETITION,
    "procurement.commissioner": Kind.COMPETITION,
}
_ON_ITS_PAGE: Final = "it is read on the page of its competition, which is found"
_IN_ORDERS: Final = "people look for it by hromada and year, in the pages of orders"
_IN_CONTRACTS: Final = "contracts have a register of their own, with filters, and stand on their provider's card"
_IN_QUALITY: Final = "it is read on the card of its provider, which is found, and in the list of evaluations"
_LAW: Final = "a row of reference, shown where it is applied"
# models with public fields that nobody looks for here → why
NOT_FOUND: Final[dict[str, str]] = {
    "procurement.competitionstep": _ON_ITS_PAGE,
    "procurement.competitiondocument": _ON_ITS_PAGE,
    "procurement.question": _ON_ITS_PAGE,
    "procurement.opening": _ON_ITS_PAGE,
    "procurement.evaluationround": _ON_ITS_PAGE,
    "procurement.awarddecision": _ON_ITS_PAGE,
    "procurement.award": _ON_ITS_PAGE,
    "procurement.appeal": _ON_ITS_PAGE,
    "procurement.competitioncommission": "commissions have a list of their own",
    "procurement.commissionmember": "commissions have a list of their own",
    "procurement.needsassessment": _IN_ORDERS,
    "procurement.needsfigure": _IN_ORDERS,
    "procurement.needsservice": _IN_ORDERS,
    "procurement.programme": _IN_ORDERS,
    "procurement.programmemeasure": _IN_ORDERS,
    "procurement.budgetact": _IN_ORDERS,
    "procurement.orderdecision": _IN_ORDERS,
    "procurement.orderitem": _IN_ORDERS,
    "procurement.timetablerule": _LAW,
    "procurement.competitionpolicy": _LAW,
    "procurement.procedureground": _LAW,
    "procurement.formversion": _LAW,
    "procurement.rubricversion": _LAW,
    "procurement.acceptanceact": _IN_CONTRACTS,
    "procurement.actline": _IN_CONTRACTS,
    "procurement.budgetline": _IN_CONTRACTS,
    "procurement.budgetlinechange": _IN_CONTRACTS,
    "procurement.contract": _IN_CONTRACTS,
    "procurement.contractfunding": _IN_CONTRACTS,
    "procurement.contractline": _IN_CONTRACTS,
    "procurement.contractnotice": _IN_CONTRACTS,
    "procurement.contractsignature": _IN_CONTRACTS,
    "procurement.contractstep": _IN_CONTRACTS,
    "procurement.contractversion": _IN_CONTRACTS,
    "procurement.deduction": _IN_CONTRACTS,
    "procurement.finding": _IN_CONTRACTS,
    "procurement.findingreply": _IN_CONTRACTS,
    "procurement.findingresult": _IN_CONTRACTS,
    "procurement.milestone": _IN_CONTRACTS,
    "procurement.payment": _IN_CONTRACTS,
    "procurement.reportfiling": _IN_CONTRACTS,
    "procurement.reportrow": _IN_CONTRACTS,
    "procurement.riskcard": _IN_CONTRACTS,
    "procurement.riskreply": _IN_CONTRACTS,
    "procurement.servicereport": _IN_CONTRACTS,
    "procurement.visit": _IN_CONTRACTS,
    "procurement.visitanswer": _IN_CONTRACTS,
    "procurement.indicatorrating": _IN_QUALITY,
    "procurement.qualityevaluation": _IN_QUALITY,
    "procurement.qualityreply": _IN_QUALITY,
    "procurement.survey": _IN_QUALITY,
    "procurement.workinggroupmember": _IN_QUALITY,
    "procurement.checklistversion": _LAW,
    "procurement.contracttemplate": _LAW,
    "procurement.indicatorset": _LAW,
    "procurement.riskrule": _LAW,
    "procurement.surveyform": _LAW,
    "procurement.sealingkey": "nobody looks for the public half of a key",
}


@register("search")
def check_engine(**_options: Any) -> list[CheckMessage]:
    """Name an engine that does not exist or cannot be made."""
    try:
        engine()
    except (ImproperlyConfigured, ImportError) as error:
        return [Error(str(error), hint=f"Choose one of {', '.join(ENGINES)}.", id="search.E002")]
    return []


@register("search")
def check_index(**_options: Any) -> list[CheckMessage]:
    """Say when an index has to be built. An engine that is away, or a database without tables, is no matter of this."""
    if not is_on():
        return []
    try:
        found = health(engine().state())
    except (EngineAway, DatabaseError, ImproperlyConfigured, ImportError):
        return []
    hint = "Run manage.py rebuild_index."
    if found is Health.MISSING:
        return [Warning("The search has no index.", hint=hint, id="search.W001")]
    if found is Health.STALE:
        words = "The index of the search was made from other words, by another analysis or from another register."
        return [Warning(words, hint=hint, id="search.W002")]
    return []


@register("search")
def check_models(**_options: Any) -> Iterable[CheckMessage]:
    """Ask for a decision about every model with public fields: found as what, or left out why."""
    return [
        Error(
            f"Nobody has decided how {model._meta.label} is found.",  # noqa: SLF001 Django's public, if underscored, API
            hint="Name it in search.checks: in FOUND_AS with a kind of document, or in NOT_FOUND with a reason.",
            obj=model,
            id="search.E001",
        )
        for model in apps.get_models()
        if not issubclass(model, Page) and _has_public_fields(model) and not _is_decided(model)
    ]


def _has_public_fields(model: Any) -> bool:
    rules = visibility.declared(model._meta.label)  # noqa: SLF001
    return any(rule == Audience.PUBLIC or not isinstance(rule, Audience) for rule in rules.values())


def _is_decided(model: Any) -> bool:
    return model._meta.label_lower in {*FOUND_AS, *NOT_FOUND}  # noqa: SLF001
