"""The fields of what is found when a contract is watched: visits, findings, notices, risks, evaluations."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.site.opendata.objects.contract_shared import DIGEST, LOG, maybe
from portal.site.opendata.objects.fields import (
    address,
    code,
    day,
    decimal,
    inside,
    moment,
    number,
    several,
    text,
    truth,
)
from procurement import contract_enums as enums

VISIT: Final = (
    number("number", _("number")),
    number("year", _("plan of the year")),
    day("planned_on", _("planned for")),
    code("basis", _("why the contract is visited"), enums.VisitBasis),
    day("held_on", _("held on"), nullable=True),
    text("conclusion", _("conclusion")),
    moment("concluded_at", _("concluded at"), nullable=True),
    DIGEST,
    LOG,
)
FINDING: Final = (
    number("number", _("number")),
    text("citation", _("legal ground")),
    code("severity", _("severity"), enums.Severity),
    text("text", _("what was found")),
    text("demand", _("what is to be done")),
    day("due_on", _("to be eliminated by"), nullable=True),
    code("state", _("state"), enums.FindingState),
    maybe("outcome", _("result"), enums.FindingOutcome),
    moment("closed_at", _("closed at"), nullable=True),
    LOG,
    number("visit", _("number of the visit")),
    text("kind", _("type of violation")),
    several("replies", _("replies of the provider"), text("text", _("reply")), moment("at", _("at")), LOG),
    several(
        "results",
        _("how the replies were judged"),
        code("outcome", _("result"), enums.FindingOutcome),
        text("reason", _("reason")),
        day("due_on", _("another term"), nullable=True),
        moment("at", _("at")),
        LOG,
    ),
)
NOTICE: Final = (
    number("number", _("number")),
    code("kind", _("warning or notice before termination"), enums.NoticeKind),
    text("text", _("text")),
    moment("sent_at", _("sent at")),
    day("answer_by", _("to be answered by")),
    text("answer", _("provider’s answer")),
    moment("answered_at", _("answered at"), nullable=True),
    moment("withdrawn_at", _("withdrawn at"), nullable=True),
    text("withdrawn_reason", _("why it was withdrawn")),
    LOG,
    text("ground", _("ground")),
    several("findings", _("numbers of the findings"), items="integer"),
)
RISK: Final = (
    text("rule", _("indicator, slug")),
    text("name", _("name of the indicator")),
    code("state", _("state"), enums.RiskState),
    inside("parameters", _("thresholds at that time")),
    moment("found_at", _("found at")),
    moment("changed_at", _("changed at")),
    moment("gone_at", _("no longer holds since"), nullable=True),
    inside("data", _("what the indicator found")),
    several(
        "replies",
        _("what the sides say"),
        code("side", _("side of the contract"), enums.Side),
        text("text", _("reply")),
        moment("at", _("at")),
        LOG,
    ),
)
EVALUATION: Final = (
    code("kind", _("internal or external"), enums.QualityKind),
    day("period_from", _("period from")),
    day("period_to", _("period to")),
    text("act_number", _("number of the order")),
    day("act_on", _("date of the order"), nullable=True),
    text("act_url", _("address of the order")),
    text("conclusion", _("conclusion")),
    text("recommendations", _("recommendations")),
    decimal("total", _("total, %"), nullable=True),
    text("grade", _("grade, code of the method")),
    day("oldest_on", _("oldest evidence"), nullable=True),
    moment("published_at", _("published at")),
    DIGEST,
    LOG,
    text("service", _("service, slug")),
    truth("is_superseded", _("a later evaluation supersedes it")),
    several("replies", _("replies of the provider"), text("text", _("reply")), moment("at", _("at")), LOG),
    address("url", _("page of the evaluation")),
)
