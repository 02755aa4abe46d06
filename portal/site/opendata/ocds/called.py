"""What happened to an announcement: published, changed, extended, asked about, opened, ended early, evaluated anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from procurement.enums import CompetitionState, VersionKind
from procurement.interfaces.notice_changes import changes_between
from procurement.models import Competition, CompetitionVersion, Opening, Question

from . import parties
from .events import Event
from .planning import planning_of
from .reading import Process
from .tender import attached, tender_of, total_of
from .values import Json, moment, pruned, release_id

END: Final = "end"


def announced(process: Process, competition: Competition) -> Iterator[Event]:
    """Yield the versions of the announcement, each with the whole text of it."""
    versions = list(competition.versions.all())
    for place, version in enumerate(versions):
        # rows of one query know the competition that they were asked for
        version.competition = competition
        yield _version(process, version, versions[place - 1] if place else None)
    first = versions[0].at
    for one in competition.documents.all():
        yield Event(max(one.added_at, first), ("tenderUpdate",), _tender(competition, {"documents": [attached(one)]}))


def _version(process: Process, version: CompetitionVersion, before: CompetitionVersion | None) -> Event:
    competition = version.competition
    tender = tender_of(process, version)
    told: Json = {"tender": tender}
    if before is None:
        tender["hasEnquiries"] = False
        told["planning"] = planning_of(competition, total_of(version))
        event = Event(version.at, ("planning", "tender"), told)
    else:
        tender["amendments"] = [_amendment(process, version, before)]
        event = Event(version.at, ("tenderAmendment",), told)
    body = parties.buyer(competition.commissioner, competition.hromada, version.content)
    tender["procuringEntity"] = event.take("procuringEntity", body)
    return event


def _amendment(process: Process, version: CompetitionVersion, before: CompetitionVersion) -> Json:
    changes = [f"{one.label}: {one.old} → {one.new}" for one in changes_between(before.content, version.content)]
    ground = version.ground.text if version.ground else str(VersionKind(version.kind).label)
    return pruned(
        {
            "id": str(version.number),
            "date": moment(version.at),
            "rationale": f"{ground} {version.reason}".strip(),
            "description": "\n".join(changes),
            "amendsReleaseID": release_id(process.ocid, before.at),
            "releaseID": release_id(process.ocid, version.at),
        }
    )


# --- questions -------------------------------------------------------------------------------------------------------


def asked(competition: Competition) -> Iterator[Event]:
    """Yield each question when it was asked and when it was answered; nobody is told who asked."""
    for one in competition.questions.all():
        question = pruned({"id": str(one.number), "date": moment(one.asked_at), "description": one.text})
        told = {"hasEnquiries": True, "enquiries": [question]}
        yield Event(one.asked_at, ("tenderUpdate",), _tender(competition, told))
        if one.answered_at is not None:
            yield Event(one.answered_at, ("tenderUpdate",), _tender(competition, {"enquiries": [_answer(one)]}))


def _answer(one: Question) -> Json:
    return pruned({"id": str(one.number), "answer": one.answer, "dateAnswered": moment(one.answered_at)})


# --- the opening and the end -----------------------------------------------------------------------------------------


def opened(competition: Competition) -> Iterator[Event]:
    """Yield the opening: when it was held and how many proposals were there; whose they are, it does not tell."""
    opening: Opening | None = getattr(competition, "opening", None)
    if opening is None or competition.opened_at is None:
        return
    count = opening.findings.get("count")
    told: Json = {"bidOpening": {"date": moment(opening.at)}}
    bids: Json = {}
    if isinstance(count, int):
        told["numberOfTenderers"] = count
        bids = {"bids": {"statistics": [statistic("bids", count, opening.at)]}}
    yield Event(opening.at, ("tenderUpdate",), {**_tender(competition, told), **bids})


def statistic(measure: str, value: int, at: datetime) -> Json:
    return {"id": measure, "measure": measure, "value": value, "date": moment(at)}


def ended(process: Process, competition: Competition) -> Iterator[Event]:
    """Yield an early end: cancelled, or not held."""
    if competition.state not in CompetitionState.ended or competition.ended_at is None:
        return
    status = "cancelled" if competition.state == CompetitionState.CANCELLED else "unsuccessful"
    ground = competition.end_ground.text if competition.end_ground else ""
    amendment = pruned(
        {
            "id": END,
            "date": moment(competition.ended_at),
            "rationale": f"{ground} {competition.end_reason}".strip(),
            "description": str(CompetitionState(competition.state).label).capitalize(),
            "releaseID": release_id(process.ocid, competition.ended_at),
        }
    )
    told = {"status": status, "lots": lots_in(competition, status), "amendments": [amendment]}
    yield Event(competition.ended_at, ("tenderCancellation",), _tender(competition, told))


def reopened(process: Process, competition: Competition) -> Iterator[Event]:
    """Yield each beginning of an evaluation anew, after an appeal was upheld."""
    for place, step in enumerate(competition.steps.all(), 1):
        amendment = pruned(
            {
                "id": f"anew-{place}",
                "date": moment(step.at),
                "rationale": step.comment,
                "description": _("The proposals are evaluated anew after an appeal was upheld"),
                "releaseID": release_id(process.ocid, step.at),
            }
        )
        told = {"status": "active", "lots": lots_in(competition, "active"), "amendments": [amendment]}
        yield Event(step.at, ("tenderUpdate",), _tender(competition, told))


def lots_in(competition: Competition, status: str, but: dict[int, str] | None = None) -> list[Json]:
    """Return all lots with a status; `but` names others by the number of the lot."""
    return [{"id": str(lot.number), "status": (but or {}).get(lot.number, status)} for lot in competition.lots.all()]


def _tender(competition: Competition, told: Json) -> Json:
    return {"tender": {"id": competition.number, **told}}
