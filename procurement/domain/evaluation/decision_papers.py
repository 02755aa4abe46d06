"""The codes printed on minutes and decisions; the next take the place of those before."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import verification
from portal.kernel.models import VerificationCode
from procurement.models import AwardDecision, Competition, Minutes

MINUTES_KIND: Final = "evaluation-minutes"
DECISION_KIND: Final = "award-decision"


def issue_minutes_code(*, competition: Competition, minutes: Minutes, now: datetime) -> VerificationCode:
    """Issue the code of signed minutes; those of an earlier, annulled round are superseded by it."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Minutes of the evaluation of proposals, competition № %(number)s: %(title)s")
        title %= {"number": competition.number, "title": competition.title}
    code = _issue(MINUTES_KIND, competition, title, minutes.digest, now)
    before = Minutes.objects.filter(round__competition=competition, code__isnull=False).exclude(pk=minutes.pk)
    _supersede(before.select_related("code").order_by("-round__number", "-number").first(), code, now)
    return code


def issue_decision_code(
    *, competition: Competition, number: int, digest: str, before: AwardDecision | None, now: datetime
) -> VerificationCode:
    """Issue the code of a decision in the transaction that takes it; the code of the one before is superseded."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Decision %(decision)d on the results of the competition № %(number)s: %(title)s")
        title %= {"decision": number, "number": competition.number, "title": competition.title}
    code = _issue(DECISION_KIND, competition, title, digest, now)
    _supersede(before, code, now)
    return code


def _issue(kind: str, competition: Competition, title: str, digest: str, now: datetime) -> VerificationCode:
    subject = f"procurement.competition:{competition.number}"
    return verification.issue(kind=kind, subject=subject, title=title[:500], at=now, document_digest=digest)


def _supersede(before: Minutes | AwardDecision | None, code: VerificationCode, now: datetime) -> None:
    if before is not None and before.code is not None and before.code.superseded_by_id is None:
        verification.supersede(before.code, code, at=now)
