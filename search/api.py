"""The search for programs: the same parameters and the same answer as the page, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import Field, Query, Schema

from portal.kernel.programs import PortalAPI, Problem, problem, refuse_in_one_shape
from search.answering import Result
from search.engines.interface import EngineAway
from search.enums import SynonymKind
from search.interfaces.asking import Asked, ask, note
from search.interfaces.lines import Known, distance_words, name_of_need, reasons
from search.interfaces.questions import known_values
from search.lexicon import lexicon
from search.promoting import promoted
from search.suggesting import Suggestion, suggester
from search.understanding import Lexicon

# the interactive page of the schema loads its scripts from elsewhere, so only the schema itself is served
api = PortalAPI(
    title="Поруч",
    version="1",
    description=(
        "The open register of providers of social services and the social order of hromadas, read only, without a key."
    ),
    urls_namespace="search_api",
    docs_url=None,
    openapi_url="openapi.json",
    openapi_extra={
        "info": {"license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}},
    },
)
refuse_in_one_shape(api)

LANGUAGES: Final = ("uk", "en")
# what the index needs and nobody else
_INNER: Final = frozenset({"tokens", "about"})


class Wanted(Schema):
    """Parameters of a question; unknown values are named in `problems` and left aside."""

    q: str = Field("", description="words, a place among them if you like")
    place: str = Field("", description="КАТОТТГ code; wins over a place in the words")
    service: list[str] = Field([], description="slugs; several widen")
    group: list[str] = Field([], description="slugs; several widen")
    form: list[str] = Field([], description="slugs of forms of delivery")
    price: list[str] = Field([], description="free, differentiated, tariff, unknown")
    ownership: list[str] = Field([], description="state, communal, private, unknown")
    urgent: list[str] = Field([], description="1")
    access: list[str] = Field([], description="slugs of accessibility features")
    open: str = Field("", description="now")
    profile: str = Field("", description="wheelchair, hearing, sight, intellectual: what is known to fit comes first")
    reach: str = Field("", description="known: only what is known to fit the profile")
    near: str = Field("", description="latitude,longitude or a КАТОТТГ code")
    radius: str = Field("", description="kilometres: 5, 10, 25, 50, 100")
    sort: str = Field("", description="relevance, near, fresh, price")
    page: str = Field("", description="from 1, twenty results each")
    lang: str = Field("uk", description="uk or en: the language of names")


class Typed(Schema):
    q: str = ""
    lang: str = "uk"


class Meant(Schema):
    said: str
    kind: str
    means: list[str] = []
    corrected: str = ""


class At(Schema):
    code: str
    name: str


class Corrected(Schema):
    typed: str
    read_as: str


class NeedMeant(Schema):
    slug: str
    name: str
    share: float


class Understanding(Schema):
    concepts: list[Meant]
    needs: list[NeedMeant]
    place: At | None
    wishes: list[dict[str, str]]
    corrections: list[Corrected]


class Reason(Schema):
    said: str
    read_as: str


class Found(Schema):
    id: str
    kind: str
    data: dict[str, Any]
    why: list[Reason]
    missing: list[str]
    about: list[str]
    distance_km: float | None
    distance: str


class Counted(Schema):
    value: str
    label: str
    count: int


class PageOf(Schema):
    number: int
    count: int
    size: int


class Promoted(Schema):
    title: str
    text: str
    url: str


class SearchAnswer(Schema):
    total: int
    promoted: list[Promoted]
    understood: Understanding
    results: list[Found]
    partly: list[Found]
    others: dict[str, list[Found]]
    facets: dict[str, list[Counted]]
    pages: PageOf
    problems: dict[str, str]


class Suggested(Schema):
    kind: str
    text: str
    query: str
    slug: str
    place: str
    place_name: str
    detail: str


class Suggestions(Schema):
    suggestions: list[Suggested]


@api.exception_handler(EngineAway)
def engine_away(request: HttpRequest, error: EngineAway) -> Any:
    """Say calmly that the search cannot be asked now; what exactly is wrong is nobody's business outside."""
    del request, error
    return problem(503, "The search cannot answer now; the register still browses.", reason="search_is_away")


@api.get("search", response={200: SearchAnswer, 503: Problem}, summary="Find services", url_name="search")
def search(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    with translation.override(_language(wanted.lang)):
        asked = ask(request.GET, now=timezone.localtime())
        answer = _as_json(asked)
    note(asked, today=timezone.localdate())
    return answer


@api.get("suggest", response={200: Suggestions, 503: Problem}, summary="Complete what is typed", url_name="suggest")
def suggest(request: HttpRequest, typed: Query[Typed]) -> dict[str, Any]:
    del request
    words = lexicon()
    with translation.override(_language(typed.lang)):
        known = known_values()["service"]
        return {"suggestions": [_suggested(one, words, known) for one in suggester(words).suggest(typed.q)]}


def _suggested(one: Suggestion, words: Lexicon, known: Mapping[str, str]) -> dict[str, str]:
    """Name a service in the reader's language; a phrase stays the phrase, beside what it means."""
    is_service = one.kind == SynonymKind.SERVICE and one.text == one.query
    return {
        "kind": one.kind,
        "text": known.get(one.slug, one.text) if is_service else one.text,
        "query": one.query,
        "slug": one.slug,
        "place": one.place,
        "place_name": words.gazetteer.by_code[one.place].label if one.place else "",
        "detail": known.get(one.slug, "") if one.kind == "need" else one.detail,
    }


def _language(value: str) -> str:
    return value if value in LANGUAGES else LANGUAGES[0]


def _as_json(asked: Asked) -> dict[str, Any]:
    answer = asked.answer
    if answer is None:
        raise EngineAway
    known = known_values()
    pages = asked.pages
    return {
        "total": answer.total,
        "promoted": _promoted(asked.read.text),
        "understood": _understanding(asked),
        "results": [_found(one, known) for one in answer.results],
        "partly": [_found(one, known) for one in answer.partly],
        "others": {kind: [_found(one, known) for one in some] for kind, some in answer.others.items()},
        "facets": {name: _counted(counts, known.get(name, {})) for name, counts in answer.counts.items()},
        "pages": {"number": pages.number, "count": pages.count, "size": pages.size},
        "problems": asked.read.problems,
    }


def _promoted(text: str) -> list[dict[str, str]]:
    found = promoted(text, timezone.localdate())
    return [{"title": one.title, "text": one.text, "url": one.url} for one in found]


def _counted(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"value": value, "label": labels.get(value, value), "count": count} for value, count in most_first]


def _understanding(asked: Asked) -> dict[str, Any]:
    answer = asked.answer
    assert answer is not None
    seen, place = answer.understood, answer.place
    return {
        "concepts": [
            {
                "said": concept.said,
                "kind": concept.kind,
                "means": list(dict.fromkeys(meaning.target for meaning in concept.meanings)),
                "corrected": concept.corrected,
            }
            for concept in seen.concepts
        ],
        "needs": [{"slug": slug, "name": name_of_need(slug), "share": round(share, 3)} for slug, share in seen.needs],
        "place": {"code": place.code, "name": place.label} if place else None,
        "wishes": [{"said": wish.said, "facet": wish.facet, "value": wish.value} for wish in seen.wishes],
        "corrections": [{"typed": typed, "read_as": read_as} for typed, read_as in seen.corrections],
    }


def _found(result: Result, known: Known) -> dict[str, Any]:
    return {
        "id": result.id,
        "kind": result.kind,
        "data": {name: value for name, value in result.data.items() if name not in _INNER},
        "why": [{"said": said, "read_as": read_as} for said, read_as in reasons(result, known)],
        "missing": result.missing,
        "about": [slug for slug, _level in result.about],
        "distance_km": round(result.distance_km, 2) if result.distance_km is not None else None,
        "distance": distance_words(result.distance_km),
    }
