"""Typed grounds of monitoring: kinds of violation, grounds of a notice."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.kernel.models.reference import in_force_on
from portal.kernel.workflow import StepRefused
from procurement.enums import GroundUse
from procurement.models import Contract, ProcedureGround


def grounds_of(use: GroundUse, contract: Contract, on: date) -> QuerySet[ProcedureGround]:
    """Return the grounds for such a step that are in force on the day and fit the contract's procedure."""
    procedures = {"", contract.profile.procedure if contract.profile else ""}
    rows = ProcedureGround.objects.filter(in_force_on(on, "valid_from", "valid_to"), use=use)
    return rows.filter(procedure__in=procedures)


def ground_on(ground_id: int, use: GroundUse, contract: Contract, on: date) -> ProcedureGround:
    """Return one of them; raises `StepRefused` for any other."""
    ground = grounds_of(use, contract, on).filter(pk=ground_id).first()
    if ground is None:
        raise StepRefused(_("Choose a ground from the list."))
    return ground
