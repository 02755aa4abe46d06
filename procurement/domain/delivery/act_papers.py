"""The record of an accepted act and the code printed on it; that of a correction leaves the corrected one valid."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import verification
from portal.kernel.models import VerificationCode
from procurement.domain.contracts.steps import lines_in_force
from procurement.models import AcceptanceAct, ActLine, ContractLine, Deduction
from procurement.queries.contracts.public import contractor_name

ACT_KIND: Final = "contract-act"


def content_of(act: AcceptanceAct) -> dict[str, Any]:
    """Return what an accepted act says, public as it stands: money and units, nobody's words, no numbers of people."""
    contract = act.contract
    rows = ContractLine.objects.filter(version__contract=contract, version__number=act.contract_version)
    names = {line.number: line for line in [*lines_in_force(contract), *rows]}
    return {
        "contract": contract.number,
        "act": act.number,
        "kind": act.kind,
        "corrects": act.corrects.number if act.corrects else None,
        "report": act.report.number if act.report else None,
        "version": act.contract_version,
        "own_number": act.own_number,
        "on": act.act_on.isoformat() if act.act_on else None,
        "period": [act.period_from.isoformat(), act.period_to.isoformat()],
        "commissioner": contract.commissioner.organisation.name,
        "contractor": contractor_name(contract),
        "lines": [_line(row, names[row.line]) for row in act.lines.order_by("line")],
        "deductions": [_deduction(row) for row in act.deductions.select_related("ground").order_by("pk")],
        "claimed": str(act.claimed),
        "deducted": str(act.deducted),
        "accepted": str(act.accepted),
        "pay_by": act.payment_due_on.isoformat() if act.payment_due_on else None,
    }


def issue_act_code(*, act: AcceptanceAct, now: datetime) -> VerificationCode:
    """Issue the code of an act in the transaction that accepts it."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Act № %(act)d of contract № %(number)s") % {"act": act.number, "number": act.contract.number}
    return verification.issue(
        kind=ACT_KIND,
        subject=f"procurement.contract:{act.contract.number}",
        title=title,
        at=now,
        document_digest=act.digest,
    )


def _line(row: ActLine, line: ContractLine) -> dict[str, Any]:
    return {
        "line": row.line,
        "title": line.title,
        "unit": line.unit,
        "units": None if row.units is None else str(row.units),
        "tariff": None if row.tariff is None else str(row.tariff),
        "amount": str(row.amount),
    }


def _deduction(row: Deduction) -> dict[str, Any]:
    ground = {"slug": row.ground.slug, "text": row.ground.text_uk, "act": row.ground.act, "point": row.ground.point}
    return {"line": row.line, "amount": str(row.amount), "ground": ground, "reason": row.reason}
