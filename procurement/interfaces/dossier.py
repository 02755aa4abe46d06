"""The dossier of a decided competition: everything that is public of it as files, the same bytes for the same facts.

`SHA256SUMS` names the digest of every other file; `index.html` says what each of them is. Written in the portal's first
language, whatever the reader's is, so that two readers hold the same archive.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.models import LogEntry, StoredDocument
from portal.kernel.models.log import moment_text
from procurement.interfaces.json_values import written
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.interfaces.minutes_pdf import minutes_pdf
from procurement.interfaces.ranking_script import script_text
from procurement.interfaces.result_json import appeal_json, award_json
from procurement.interfaces.result_parts import ShownDecision, decision_texts
from procurement.interfaces.results import ResultsPage
from procurement.models import Minutes
from procurement.queries.announcements import files_of, questions_of, versions_of
from procurement.queries.results import log_of

# the first moment that the format knows: an archive that depends on its files alone
_NEVER: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_UNIX: Final = 3
# what is kept in memory while it is packed
_IN_MEMORY: Final = 4 * 2**20
SUMS: Final = "SHA256SUMS"
_QUESTION: Final = ("number", "state", "text", "asked_at", "answer_due_on", "answer", "answered_at")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the archive: its content, or where that lies."""

    name: str
    about: str
    digest: str
    content: bytes = b""
    path: Path | None = None

    def read(self) -> bytes:
        return self.path.read_bytes() if self.path else self.content


@dataclass(frozen=True, slots=True)
class Dossier:
    parts: tuple[Part, ...]

    @property
    def sums(self) -> str:
        """The digests as `sha256sum --check` reads them."""
        return "".join(f"{one.digest}  {one.name}\n" for one in self.parts)

    @property
    def digest(self) -> str:
        return sha256(self.sums.encode()).hexdigest()


def dossier_of(results: ResultsPage) -> Dossier:
    """Return the parts of the archive in their order; files of the competition are not read yet.

    Minutes that nobody has printed yet are printed; raises `PressBusyError`.
    """
    with translation.override(settings.LANGUAGE_CODE):
        parts = [*_to_recompute(results), *_announcement(results), *_round(results), *_log(results)]
        page = {"results": results, "competition": results.competition, "parts": parts, "sums": SUMS}
        index = render_to_string("procurement/competitions/dossier.html", page)
        return Dossier((_text("index.html", _("This list"), index), *parts))


def pack(dossier: Dossier) -> IO[bytes]:
    """Write the archive and return it, to be read from its beginning."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 whoever sends it closes it
    with zipfile.ZipFile(file, "w") as archive:
        for one in (*dossier.parts, _text(SUMS, "", dossier.sums)):
            info = zipfile.ZipInfo(one.name, _NEVER)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
            archive.writestr(info, one.read(), compresslevel=9)
    file.seek(0)
    return file


# --- the parts -----------------------------------------------------------------------------------------------------


def _to_recompute(results: ResultsPage) -> Iterator[Part]:
    """Yield what makes the ranking again: `python rank.py scores.csv rubric.json` gives ranking.csv."""
    yield _text("rank.py", _("Makes ranking.csv again of scores.csv and rubric.json"), script_text())
    for one in results.files:
        yield _text(one.name, one.about, results.texts[one.name])


def _announcement(results: ResultsPage) -> Iterator[Part]:
    competition = results.competition
    for version in versions_of(competition):
        about = _("Announcement, version %(number)s") % {"number": version.number}
        yield _json(f"announcement/version-{version.number}.json", about, version.content)
    questions = [{name: written(getattr(one, name)) for name in _QUESTION} for one in questions_of(competition)]
    if questions:
        yield _json("announcement/questions.json", _("Questions and answers"), questions)
    kept: dict[str, StoredDocument] = {}
    if competition.draft_contract:
        kept[_("Draft contract")] = competition.draft_contract
    kept |= {one.title: one.document for one in files_of(competition)}
    for number, (title, document) in enumerate(kept.items(), 1):
        name = f"announcement/documents/{number}-{document.sha256[:12]}{Path(document.name).suffix.lower()}"
        yield Part(name, f"{title} ({document.name})", document.sha256, path=document.path)


def _round(results: ResultsPage) -> Iterator[Part]:
    """Yield the minutes of every round that was decided, every decision with its files, awards and appeals."""
    told: dict[int, tuple[Minutes, int]] = {}
    for shown in reversed(results.decisions):
        minutes, number = shown.decision.minutes, shown.decision.round.number
        told[minutes.pk] = minutes, number
    for minutes, number in told.values():
        name, about = f"minutes/round-{number}", _("Minutes of round %(number)s") % {"number": number}
        yield _json(f"{name}.json", _("%(about)s, as their digest is made") % {"about": about}, minutes.content)
        if minutes.code is not None:
            yield _bytes(f"{name}.pdf", about, minutes_pdf(MinutesPaper.of(minutes)))
    for shown in reversed(results.decisions):
        yield from _decision(shown)
    if results.appeals:
        appeals = [appeal_json(one) for one in results.appeals]
        yield _json("appeals.json", _("Appeals and what was decided on them"), appeals)


def _decision(shown: ShownDecision) -> Iterator[Part]:
    decision = shown.decision
    place = f"decisions/{decision.number}"
    words = {"number": decision.number}
    yield _json(f"{place}/decision.json", _("Decision %(number)s") % words, decision.content)
    awards = [award_json(one) for one in shown.awards]
    yield _json(f"{place}/awards.json", _("What became of the awards of decision %(number)s") % words, awards)
    for name, text in decision_texts(decision).items():
        yield _text(f"{place}/{name}", _("What decision %(number)s rests on") % words, text)


def _log(results: ResultsPage) -> Iterator[Part]:
    lines = (json.dumps(_entry(one), ensure_ascii=False) for one in log_of(results.competition, results.decided_at))
    yield _text(
        "log.jsonl",
        _("Entries of the decision log about this competition"),
        "".join(f"{line}\n" for line in lines),
    )


def _entry(entry: LogEntry) -> dict[str, Any]:
    """Return an entry with the very characters that were hashed."""
    told = {name: getattr(entry, name) for name in audit.COLUMNS}
    return {**told, "at": moment_text(told["at"])}


def _text(name: str, about: str, text: str) -> Part:
    return _bytes(name, about, text.encode())


def _bytes(name: str, about: str, content: bytes) -> Part:
    return Part(name, about, sha256(content).hexdigest(), content)


def _json(name: str, about: str, value: Mapping[str, Any] | Iterable[Any]) -> Part:
    return _text(name, about, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
