"""The code printed in an announcement: one for each version, and the next version's takes its place."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import verification
from portal.kernel.models import VerificationCode
from procurement.models import Competition, CompetitionVersion

KIND: Final = "competition-notice"


def issue_notice_code(
    *, competition: Competition, version: int, title: str, digest: str, now: datetime
) -> VerificationCode:
    """Issue the code of a version in the transaction that makes it; the code of the version before is superseded."""
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Announcement of the competition № %(number)s, version %(version)d: %(title)s") % {
            "number": competition.number,
            "version": version,
            "title": title,
        }
    code = verification.issue(
        kind=KIND,
        subject=f"procurement.competition:{competition.number}",
        title=name,
        at=now,
        document_digest=digest,
    )
    earlier = CompetitionVersion.objects.filter(competition=competition, number__lt=version, code__isnull=False)
    before = earlier.select_related("code").order_by("-number").first()
    if before is not None and before.code is not None and before.code.superseded_by_id is None:
        verification.supersede(before.code, code, at=now)
    return code
