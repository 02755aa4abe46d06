"""What an opened proposal says after a clarification was answered: the one reading that admission and scoring go by."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.kernel import vault
from procurement.domain.forms.definition import Form
from procurement.domain.forms.proposal_forms import Reading
from procurement.domain.forms.values import number_of
from procurement.domain.seal.opening import read_opened_file
from procurement.enums import ClarificationState
from procurement.models import Clarification, Proposal


def content_of(proposal: Proposal) -> Mapping[str, Any]:
    """Return the opened content with the answers of an answered clarification laid over it, for reading and scoring.

    It has the shape of `Proposal.content`; files that came with an answer stand among `files`, marked `clarified`.
    """
    told = dict(proposal.content or {})
    answered = answered_clarification(proposal)
    if answered is None or not told:
        return told
    content = {**(told.get("content") or {}), **{path: one["after"] for path, one in answered.answers.items()}}
    told["content"] = {path: value for path, value in content.items() if value is not None}
    told["files"] = {**(told.get("files") or {}), **_files(answered)}
    return told


def answered_clarification(proposal: Proposal) -> Clarification | None:
    """Return the clarification that was answered: a proposal has at most one, in whatever round."""
    rows = Clarification.objects.filter(admission__proposal=proposal, state=ClarificationState.ANSWERED)
    return rows.order_by("pk").last()


def read_file(proposal: Proposal, file_id: str) -> tuple[Mapping[str, Any], bytes]:
    """Return what is known of a file of an opened proposal, or of the answer to a clarification, and its bytes.

    Who may read it, the caller has asked. Raises `KeyError`, `VaultError`.
    """
    if file_id in ((proposal.content or {}).get("files") or {}):
        return read_opened_file(proposal, file_id)
    answered = answered_clarification(proposal)
    rows = answered.files.select_related("document") if answered else ()
    row = next((one for one in rows if str(one.document_id) == file_id), None)
    if row is None:
        raise KeyError(file_id)
    try:
        return _about(row.document), row.document.path.read_bytes()
    except FileNotFoundError as error:
        raise vault.SealBroken("the file is gone") from error


def asked_sums(
    form: Form, content: Mapping[str, Any], facts: Mapping[str, Any], path: str
) -> dict[str, Decimal | None]:
    """Return the sum asked for in each lot of the proposal, by the policy's `asked_path`; None where it is unknown."""
    reading = Reading(form, content, facts)
    return {lot: _asked(reading, path.format(lot=lot)) for lot in reading.lots()} if path else {}


def _asked(reading: Reading, path: str) -> Decimal | None:
    field = reading.form.field(path)
    if field is not None:
        return number_of(reading.value(field))
    above, _slash, name = path.rpartition("/")
    table_path, _slash, row = above.rpartition("/")
    table = reading.form.field(table_path)
    column = table.column(name) if table is not None else None
    return number_of(reading.value(column, row)) if column is not None else None


def _files(clarification: Clarification) -> dict[str, dict[str, Any]]:
    rows = clarification.files.select_related("document")
    return {str(row.document_id): _about(row.document) for row in rows}


def _about(document: Any) -> dict[str, Any]:
    return {
        "name": document.name,
        "size": document.size,
        "type": document.content_type,
        "sha256": document.sha256,
        "clarified": True,
    }
