"""The texts that a ranking follows from, and the script that makes it again, each as a file with its own name."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse

from procurement.domain.evaluation.decisions import results_of
from procurement.domain.evaluation.rankings import rubric_text
from procurement.interfaces.ranking_script import script_text
from procurement.views.competitions.page import competition_or_404
from registry.views.caching import public_page

_CSV: Final = "text/csv; charset=utf-8"


@public_page
def scores_file(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out scores.csv as the decision in force rests on it; before a decision there is none, whoever asks."""
    del request
    return _file("scores.csv", _decided(number, "scores"), _CSV)


@public_page
def ranking_file(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out ranking.csv of the decision in force."""
    del request
    return _file("ranking.csv", _decided(number, "ranking"), _CSV)


@public_page
def rubric_file(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out rubric.json: of the decision in force, or, while there is none, as it was announced."""
    del request
    competition = competition_or_404(number)
    results = results_of(competition)
    return _file("rubric.json", results["rubric"] if results else rubric_text(competition), "application/json")


@public_page
def rank_script(request: HttpRequest) -> HttpResponse:
    """Hand out the script that makes ranking.csv of the two other files."""
    del request
    return _file("rank.py", script_text(), "text/x-python; charset=utf-8")


def _decided(number: str, name: str) -> str:
    results = results_of(competition_or_404(number))
    if results is None or not results[name]:
        raise Http404
    return str(results[name])


def _file(name: str, text: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
