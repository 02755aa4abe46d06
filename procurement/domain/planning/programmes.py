"""Local programmes by which services are paid for: public at once, each change logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.models import Programme, ProgrammeMeasure
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

FIELDS: Final = ("title", "year_from", "year_to", "act_number", "act_on", "act_url")
MEASURE: Final = ("text", "service_type", "year", "amount")


@transaction.atomic
def put_programme(
    *, hromada_id: int, user: User, values: Mapping[str, Any], now: datetime, programme_id: int | None = None
) -> Programme:
    """Enter a programme, or change the one that is named."""
    hromada = Territory.objects.get(pk=hromada_id)
    role = commissioner_role(user, hromada)
    if programme_id is None:
        programme = Programme(hromada=hromada, created_by=user, created_at=now)
    else:
        programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme_id, hromada=hromada)
    _set(programme, values, FIELDS)
    if programme.year_to < programme.year_from:
        raise StepRefused(_("The end must not be earlier than the beginning."))
    programme.save()
    _log("put", programme, role, now)
    return programme


@transaction.atomic
def remove_programme(*, programme_id: int, user: User, now: datetime) -> None:
    """Take away a programme entered by mistake; one that a decision rests on stays."""
    programme, role = _lock(programme_id, user)
    if programme.decisions.exists():
        raise StepRefused(_("A decision rests on this programme, so it stays."))
    _log("remove", programme, role, now)
    programme.delete()


@transaction.atomic
def put_measure(
    *, programme_id: int, user: User, values: Mapping[str, Any], now: datetime, measure_id: int | None = None
) -> ProgrammeMeasure:
    """Add a measure with its year and sum, or change the one that is named; a sum that is not set stays empty."""
    programme, role = _lock(programme_id, user)
    measure = programme.measures.get(pk=measure_id) if measure_id is not None else ProgrammeMeasure(programme=programme)
    _set(measure, values, MEASURE)
    if not programme.year_from <= measure.year <= programme.year_to:
        raise StepRefused(
            _("The programme is for the years %(first)d–%(last)d.")
            % {"first": programme.year_from, "last": programme.year_to}
        )
    measure.save()
    _log("put", programme, role, now)
    return measure


@transaction.atomic
def remove_measure(*, programme_id: int, measure_id: int, user: User, now: datetime) -> None:
    programme, role = _lock(programme_id, user)
    programme.measures.filter(pk=measure_id).delete()
    _log("put", programme, role, now)


def _lock(programme_id: int, user: User) -> tuple[Programme, str]:
    programme = Programme.objects.select_for_update(of=("self",)).select_related("hromada").get(pk=programme_id)
    return programme, commissioner_role(user, programme.hromada)


def _set(row: models.Model, values: Mapping[str, Any], known: Sequence[str]) -> None:
    if unknown := set(values) - set(known):
        raise KeyError(f"no such field: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _log(act: str, programme: Programme, role: str, now: datetime) -> None:
    measures = [
        [measure.text, measure.year, str(measure.amount) if measure.amount is not None else None]
        for measure in programme.measures.all()
    ]
    content = {
        "title": programme.title,
        "act_number": programme.act_number,
        "act_on": programme.act_on.isoformat(),
        "act_url": programme.act_url,
        "measures": measures,
    }
    audit.append(
        tag=f"procurement:programme:{act}",
        subject=f"procurement.programme:{programme.pk}",
        payload={
            "hromada": programme.hromada.code,
            "years": [programme.year_from, programme.year_to],
            "content": audit.digest_of(content),
        },
        actor_role=role,
        at=now,
    )
