"""The dossier of a decided competition: everything that is public of it as files, the same bytes for the same facts.

`manifest.json` names every other file with its digest, `verify.py` compares; `index.html` says what each of them is.
Written in the portal's first language, whatever the reader's is, so that two readers hold the same archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel.models import StoredDocument
from procurement.interfaces.archive import SUMS, Dossier, Part, bytes_part, json_part, log_part, script_part, text_part
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

_QUESTION: Final = ("number", "state", "text", "asked_at", "answer_due_on", "answer", "answered_at")


def dossier_of(results: ResultsPage) -> Dossier:
    """Return the parts of the archive in their order; files of the competition are not read yet.

    Minutes that nobody has printed yet are printed; raises `PressBusyError`.
    """
    with translation.override(settings.LANGUAGE_CODE):
        parts = [script_part(), *_to_recompute(results), *_announcement(results), *_round(results), *_log(results)]
        page = {"results": results, "competition": results.competition, "parts": parts, "sums": SUMS}
        index = render_to_string("procurement/competitions/dossier.html", page)
        about = {"dossier_of": "competition", "number": results.competition.number or ""}
        return Dossier((text_part("index.html", _("This list"), index), *parts), about)


# --- the parts -----------------------------------------------------------------------------------------------------


def _to_recompute(results: ResultsPage) -> Iterator[Part]:
    """Yield what makes the ranking again: `python rank.py scores.csv rubric.json` gives ranking.csv."""
    yield text_part("rank.py", _("Makes ranking.csv again of scores.csv and rubric.json"), script_text())
    for one in results.files:
        yield text_part(one.name, one.about, results.texts[one.name])


def _announcement(results: ResultsPage) -> Iterator[Part]:
    competition = results.competition
    for version in versions_of(competition):
        about = _("Announcement, version %(number)s") % {"number": version.number}
        yield json_part(f"announcement/version-{version.number}.json", about, version.content)
    questions = [{name: written(getattr(one, name)) for name in _QUESTION} for one in questions_of(competition)]
    if questions:
        yield json_part("announcement/questions.json", _("Questions and answers"), questions)
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
        yield json_part(f"{name}.json", _("%(about)s, as their digest is made") % {"about": about}, minutes.content)
        if minutes.code is not None:
            yield bytes_part(f"{name}.pdf", about, minutes_pdf(MinutesPaper.of(minutes)))
    for shown in reversed(results.decisions):
        yield from _decision(shown)
    if results.appeals:
        appeals = [appeal_json(one) for one in results.appeals]
        yield json_part("appeals.json", _("Appeals and what was decided on them"), appeals)


def _decision(shown: ShownDecision) -> Iterator[Part]:
    decision = shown.decision
    place = f"decisions/{decision.number}"
    words = {"number": decision.number}
    yield json_part(f"{place}/decision.json", _("Decision %(number)s") % words, decision.content)
    awards = [award_json(one) for one in shown.awards]
    yield json_part(f"{place}/awards.json", _("What became of the awards of decision %(number)s") % words, awards)
    for name, text in decision_texts(decision).items():
        yield text_part(f"{place}/{name}", _("What decision %(number)s rests on") % words, text)


def _log(results: ResultsPage) -> Iterator[Part]:
    entries = log_of(results.competition, results.decided_at)
    yield log_part(entries, _("Entries of the decision log about this competition"))
