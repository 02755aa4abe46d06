"""Published quality evaluations and risk cards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.accounts.letters import absolute
from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Link, Row, Table, each, fields
from procurement.domain.quality.names import provider_name
from procurement.models import QualityEvaluation, RiskCard, RiskReply
from procurement.queries.contracts.people import without_few
from procurement.queries.contracts.ratings import for_list, published_evaluations
from procurement.queries.contracts.risks import public_cards

GROUP: Final = "quality"
_DEMO: Final = Column("is_demo", "boolean", _("invented for demonstration"))
_IN_CONTRACT: Final = Link(("contract",), "contracts")
_NUMBERS: Final = ("rated", "indicators", "weight_rated", "weight")


def _page(pk: int) -> str:
    with override("uk"):
        return absolute(reverse("procurement:quality_evaluation", args=[pk]))


def _public_contract(one: Any) -> str | None:
    return one.contract.number if one.contract else None


def _evaluation_rows(_state: State) -> Iterator[Row]:
    one: QualityEvaluation
    for one in each(for_list(published_evaluations()).select_related("supersedes")):
        total = one.content["total"]
        yield (
            _page(one.pk),
            provider_name(one.organisation),
            one.organisation.code,
            one.kind,
            one.service_type.slug if one.service_type else None,
            one.hromada.code if one.hromada else None,
            _public_contract(one),
            *fields(one, ("period_from", "period_to", "total", "grade")),
            *(total[name] for name in _NUMBERS),
            *fields(one, ("oldest_on", "conclusion", "recommendations", "published_at")),
            _page(one.supersedes.pk) if one.supersedes else None,
            *fields(one, ("digest", "log_seq", "is_demo")),
        )


def _cards() -> Iterator[RiskCard]:
    related = public_cards().select_related("rule", "contract", "competition")
    deferred = related.defer("competition__public_key", "competition__wrapped_key")
    yield from each(deferred.prefetch_related(Prefetch("replies", RiskReply.objects.order_by("pk"))))


def _about(card: RiskCard) -> Row:
    competition = card.competition.number if card.competition else None
    return card.rule.slug, _public_contract(card), competition, card.found_at


def _card_rows(_state: State) -> Iterator[Row]:
    for card in _cards():
        yield (
            *_about(card),
            card.rule.text_uk,
            *fields(card, ("state", "changed_at", "gone_at")),
            _json(without_few(card.data)),
            _json(card.parameters),
        )


def _reply_rows(_state: State) -> Iterator[Row]:
    for card in _cards():
        for number, reply in enumerate(card.replies.all(), 1):
            yield *_about(card), number, *fields(reply, ("side", "text", "at", "log_seq"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_CARD: Final = (
    Column("rule", "string", _("code of the indicator")),
    Column("contract", "string", _("number of the contract; empty where it is about a competition")),
    Column("competition", "string", _("number of the competition; empty where it is about a contract")),
    Column("found_at", "datetime", _("moment since which it holds")),
)
TABLES: Final = (
    Table(
        "evaluations",
        GROUP,
        _("Published quality evaluations"),
        (
            Column("url", "string", _("page of the evaluation")),
            Column("provider", "string", _("who was evaluated; natural persons are not named")),
            Column("provider_edrpou", "string", _("EDRPOU code of who was evaluated")),
            Column("kind", "string", _("internal or external")),
            Column("service", "string", _("code of the service in the catalogue")),
            Column("hromada", "string", _("code of the hromada")),
            Column("contract", "string", _("number of the contract")),
            Column("period_from", "date", _("first day of the period")),
            Column("period_to", "date", _("last day of the period")),
            Column("total_percent", "number", _("total, per cent")),
            Column("grade", "string", _("code of the grade")),
            Column("indicators_rated", "integer", _("how many indicators were rated")),
            Column("indicators", "integer", _("how many indicators there are")),
            Column("weight_rated", "number", _("weight of the rated indicators")),
            Column("weight", "number", _("weight of all indicators")),
            Column("oldest_evidence_on", "date", _("day of the oldest evidence")),
            Column("conclusion", "string", _("conclusion")),
            Column("recommendations", "string", _("recommendations")),
            Column("published_at", "datetime", _("moment of the publication")),
            Column("supersedes", "string", _("page of the evaluation that this one supersedes")),
            Column("digest", "string", _("SHA-256 of what the evaluation says")),
            Column("log_entry", "integer", _("entry of the decision log")),
            _DEMO,
        ),
        ("url",),
        _evaluation_rows,
        (
            Link(("service",), "service_types"),
            Link(("hromada",), "territories"),
            _IN_CONTRACT,
            Link(("supersedes",), "evaluations"),
        ),
    ),
    Table(
        "risk_cards",
        GROUP,
        _("Risk cards with the data that they follow from"),
        (
            *_CARD,
            Column("name", "string", _("what the indicator says")),
            Column("state", "string", _("open or gone")),
            Column("changed_at", "datetime", _("moment of the last change of its data")),
            Column("gone_at", "datetime", _("moment since which it holds no longer")),
            Column("data", "string", _("the data as JSON; numbers of few people left out")),
            Column("thresholds", "string", _("the thresholds of that time as JSON")),
        ),
        ("rule", "contract", "competition", "found_at"),
        _card_rows,
        (_IN_CONTRACT, Link(("competition",), "competitions")),
    ),
    Table(
        "risk_replies",
        GROUP,
        _("What both sides say about the risk cards"),
        (
            *_CARD,
            Column("reply", "integer", _("number of the reply")),
            Column("side", "string", _("whose word it is")),
            Column("text", "string", _("the reply")),
            Column("at", "datetime", _("moment of the reply")),
            Column("log_entry", "integer", _("entry of the decision log")),
        ),
        ("rule", "contract", "competition", "found_at", "reply"),
        _reply_rows,
        (Link(("rule", "contract", "competition", "found_at"), "risk_cards"),),
    ),
)
