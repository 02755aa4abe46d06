"""Files that go with an announcement: looked into, kept, and given to everybody from the announcement on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.kernel.documents import refuse_flood, store
from procurement.domain.acting import commissioner_role
from procurement.domain.calls.drafts import attach_to_call, detach_from_call, save_call
from procurement.domain.calls.readers import KIND
from procurement.models import Competition

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User


@transaction.atomic
def add_document(*, competition_id: int, user: User, file: File, title: str, is_contract: bool, now: datetime) -> None:
    """Take a file into a draft, as its draft contract or beside it; raises `DocumentRefused`, `StepRefused`."""
    competition = Competition.objects.select_related("hromada").get(pk=competition_id)
    commissioner_role(user, competition.hromada)
    refuse_flood(user, now)
    document = store(file, kind=KIND, subject=f"procurement.competition:{competition.pk}", by=user, at=now)
    if is_contract:
        save_call(competition_id=competition_id, user=user, values={"draft_contract": document}, now=now)
    else:
        attach_to_call(competition_id=competition_id, user=user, document=document, title=title, now=now)


def take_document_out(*, competition_id: int, user: User, row_id: int | None, now: datetime) -> None:
    """Take a file out of a draft; without the key of a row, the draft contract."""
    if row_id is None:
        save_call(competition_id=competition_id, user=user, values={"draft_contract": None}, now=now)
    else:
        detach_from_call(competition_id=competition_id, user=user, document_id=row_id)
