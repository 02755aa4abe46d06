"""Short words for tests of score sheets: whose sheet, filled in, what a page says."""

import base64
import html
import re

from django.core.files.base import ContentFile

from procurement.domain.evaluation.score_cells import places_of
from procurement.domain.evaluation.scoring import keep_scores
from procurement.domain.seal import draft_keys, sealed_files
from procurement.enums import RecusalState
from procurement.models import Recusal, ScoreSheet, SealedFile


def sheet_of(round_, place=0) -> ScoreSheet:
    return round_.sheets.select_related("member__user").order_by("member__order")[place]


def criteria_of(round_) -> list[str]:
    frozen = round_.competition.versions.get(number=1).frozen
    return [one["code"] for one in frozen["rubric"]["definition"]["criteria"]]


def fill(sheet, points="3", reason="") -> ScoreSheet:
    """Give these points everywhere, for the same reason."""
    cells = {cell: {"points": points, "reason": reason} for cell in places_of(sheet)}
    kept = keep_scores(
        sheet_id=sheet.pk, user=sheet.member.user, version=sheet.version, cells=cells, now=sheet.began_at
    )
    assert not kept.refused
    return kept.sheet


def page_of(client, address, *, en=False) -> str:
    # the language of the last page is that of the addresses made after it
    plain = address.removeprefix("/en")
    answer = client.get(f"/en{plain}" if en else plain)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def base_of(page: str) -> str:
    """Return what the page says its fields begin with."""
    return html.unescape(re.search(r'name="base" value="([^"]*)"', page).group(1))


def attach_file(proposal, name: str, data: bytes) -> str:
    """Put a file where the opening act puts it and return its key."""
    row = SealedFile(proposal=proposal, uploaded_by=proposal.created_by, uploaded_at=proposal.created_at)
    about = sealed_files.keep(row, ContentFile(data, name))
    row.save(force_insert=True)
    key = draft_keys.encrypt_key(sealed_files.key_of(about), f"opened file\n{row.pk}".encode())
    proposal.content["files"][str(row.pk)] = {**about, "key": base64.b64encode(key).decode()}
    proposal.save(update_fields=["content"])
    return str(row.pk)


def bar(member, competition, *, state=RecusalState.CONFIRMED) -> Recusal:
    at = competition.opened_at
    decided = {"decided_at": at, "reason": "Працює в учасника."} if state == RecusalState.CONFIRMED else {}
    return Recusal.objects.create(
        competition=competition, member=member, source="match", state=state, proposed_at=at, **decided
    )
