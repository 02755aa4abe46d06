"""Two engines over one made-up corpus, the questions they are both asked, and the nodes of Elasticsearch."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from search.documents import NO_PRICE
from search.engines.elastic import ElasticEngine
from search.engines.embedded import DIVIDED, EmbeddedEngine
from search.engines.interface import WEIGHTS, Alternative, Box, Clause, IndexState, Plan, Where
from search.enums import Facet
from tools.elasticsearch import elasticsearch_node

DOCUMENTS = 2_000
# services of one register entry
OF_AN_ENTRY = 4
WORDS = [f"слово{number}" for number in range(400)]
VALUES = {facet: [f"{facet}-{number}" for number in range(2 + 3 * place)] for place, facet in enumerate(Facet.values)}
SLOTS = [f"slot{number}" for number in range(24)]
STATE = IndexState(revision=7, analysis_version="a1", documents=DOCUMENTS, name="first")
# the machine may be busy: these tests are about answers, and those about time say so
PATIENT = 20.0


# --- documents ---------------------------------------------------------------------------------------------------------


def made(number: int, rng: random.Random, **changes: Any) -> dict[str, Any]:
    """Return an index document; the few first words are in most documents, the last ones in few."""

    def words(most: int) -> str:
        drawn = (WORDS[int(len(WORDS) * rng.random() ** 3)] for _ in range(rng.randint(0, most)))
        return " ".join(dict.fromkeys(drawn))

    kind = rng.choices(("service", "provider", "page", "competition"), (80, 10, 6, 4))[0]
    somewhere = rng.random() < 0.9
    hromada = rng.randrange(200)
    place = [f"h{hromada}", f"r{hromada // 10}", f"o{hromada // 40}"] if somewhere else []
    covers = [["UA"], [f"o{hromada // 40}"], [f"r{hromada // 10}", f"h{(hromada + 1) % 200}"], [f"h{hromada}"], []]
    return {
        "id": f"{number:05}",
        "kind": kind,
        "entry": number // OF_AN_ENTRY + 1,
        "title": words(4),
        "needs": words(8),
        "body": words(40),
        "provider": words(4),
        **{facet: rng.sample(values, rng.randint(0, 2)) for facet, values in VALUES.items()},
        "place": place,
        "covers": rng.choices(covers, (1, 2, 3, 6, 4))[0],
        "open": rng.sample(SLOTS, rng.choice((0, 4, 8))),
        "latitude": rng.uniform(44.4, 52.4) if somewhere else None,
        "longitude": rng.uniform(22.1, 40.2) if somewhere else None,
        "verified": rng.choice((0, rng.randint(8_000, 9_500))),
        "cost": rng.choice((NO_PRICE, round(rng.uniform(0, 9_000), 2))),
        "quality": round(rng.random(), 3),
        "data": {"name": f"Послуга {number}", "nested": {"list": [1, None, "«ʼ»"]}},
    } | changes


def corpus(count: int = DOCUMENTS, seed: int = 1) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    return [made(number, rng) for number in range(count)]


# --- questions ---------------------------------------------------------------------------------------------------------


def _clause(rng: random.Random, many: int = 1, ways: int = 1, rare: float = 3.0) -> Clause:
    """Return a concept of so many ways, each of up to `many` tokens."""

    def word() -> str:
        return WORDS[int(len(WORDS) * rng.random() ** rare)]

    alternatives = [
        Alternative(
            tuple(word() for _ in range(rng.randint(1, many))),
            worth=rng.choice((1.0, 0.8, 0.7, 0.6)),
            fields=rng.choice((tuple(WEIGHTS), tuple(WEIGHTS), ("title", "needs"), ("body",))),
        )
        for _ in range(ways)
    ]
    return Clause(tuple(alternatives), weight=rng.choice((1.0, 0.5, 2.25)))


def _where(rng: random.Random) -> Where:
    hromada = rng.randrange(200)
    codes = (f"h{hromada}", f"r{hromada // 10}", f"o{hromada // 40}", "UA")
    step = rng.randrange(3)
    return Where(inside=codes[step], served_by=codes[step:])


def _filters(rng: random.Random, most: int = 3) -> dict[str, tuple[str, ...]]:
    named = rng.sample(Facet.values, rng.randint(1, most))
    return {name: tuple(rng.sample(VALUES[name], rng.randint(1, 2))) for name in named}


def _plans(rng: random.Random) -> dict[str, Plan]:
    """Return one plan of each family."""
    facets = tuple(Facet.values)
    word = Plan(must=(_clause(rng),), counted=facets)
    three = Plan(should=tuple(_clause(rng, ways=3) for _ in range(3)), least=2, counted=facets)
    return {
        "nothing asked": Plan(counted=facets),
        "one word": word,
        "several ways": Plan(must=(_clause(rng, ways=6), _clause(rng, ways=4)), counted=facets),
        "several tokens": Plan(must=(_clause(rng, many=3, ways=5),), counted=("service", "group")),
        "must and should": Plan(must=(_clause(rng),), should=(_clause(rng, ways=2), _clause(rng, many=2))),
        "should alone": Plan(should=tuple(_clause(rng) for _ in range(4))),
        "at least one": replace(three, least=1),
        "at least two": three,
        "at least all": replace(three, least=3),
        "more than all": replace(three, least=4),
        "a word nobody has": Plan(must=(Clause((Alternative(("немає",)),)),), counted=facets),
        "no way": Plan(must=(Clause(()),), counted=facets),
        "a place": Plan(where=_where(rng), counted=facets),
        "a place and words": replace(word, where=_where(rng)),
        "a place if there is one": replace(three, where=_where(rng), where_required=False),
        "only a place if there is one": Plan(where=_where(rng), where_required=False),
        "filters": replace(word, filters=_filters(rng)),
        "filters alone": Plan(filters=_filters(rng), counted=facets),
        "filters of which none is counted": replace(word, filters=_filters(rng), counted=()),
        "filters of which some are counted": replace(word, filters=_filters(rng), counted=facets[2:6]),
        "filters without values": Plan(filters={"service": (), "group": VALUES["group"][:1]}, counted=facets),
        "open": replace(word, open_slot=rng.choice(SLOTS)),
        "a box": replace(word, box=Box(46.0, 50.5, 24.0, 35.5), filters=_filters(rng, 1)),
        "without some": replace(word, excluded_ids=tuple(f"{rng.randrange(DOCUMENTS):05}" for _ in range(300))),
        "of some": replace(word, ids=tuple(f"{rng.randrange(DOCUMENTS):05}" for _ in range(300))),
        "one kind": Plan(kinds=("provider",), counted=("ownership",)),
        "kinds": replace(word, kinds=("provider", "page", "competition")),
        "no kind": replace(word, kinds=()),
        "fresh": replace(word, sort="fresh"),
        "cheap": replace(three, sort="price"),
        "near": replace(word, sort="near"),
        "second page": replace(word, offset=20),
        "far page": Plan(offset=700, limit=50),
        "past the end": replace(word, offset=50_000),
        "past what is shown": replace(word, offset=5_000_000),
        "no hits wanted": replace(three, limit=0),
        "everything at once": replace(
            three,
            must=(_clause(rng, many=2, ways=4),),
            where=_where(rng),
            filters=_filters(rng, 2),
            open_slot=rng.choice(SLOTS),
            box=Box(44.0, 53.0, 22.0, 38.0),
            excluded_ids=("00001", "00002"),
            least=1,
        ),
    }


def plans(rounds: int, seed: int = 2) -> dict[str, list[Plan]]:
    """Return families of plans, so many in each."""
    rng = random.Random(seed)
    families: dict[str, list[Plan]] = {}
    for _ in range(rounds):
        for family, plan in _plans(rng).items():
            families.setdefault(family, []).append(plan)
    return families


# --- engines -----------------------------------------------------------------------------------------------------------


def fill(engine: Any, documents: list[Mapping[str, Any]], state: IndexState = STATE, name: str = "") -> None:
    with engine.rebuild(name or state.name) as writer:
        writer.put(documents)
        writer.commit(state)


@pytest.fixture(scope="session")
def runnable() -> None:
    """Skip with the reason where no node can run."""
    if reason := elasticsearch_node.missing():
        pytest.skip(f"Elasticsearch: {reason}")


@pytest.fixture(scope="session")
def node(runnable) -> Iterator[elasticsearch_node.Node]:
    with elasticsearch_node.running_nodes() as (node,):
        yield node


@pytest.fixture(scope="session")
def documents() -> list[dict[str, Any]]:
    return corpus()


@pytest.fixture(scope="session")
def elastic(node, documents) -> ElasticEngine:
    engine = ElasticEngine(node.url, "contract", PATIENT)
    fill(engine, documents)
    return engine


@pytest.fixture(scope="session")
def embedded(documents, tmp_path_factory) -> EmbeddedEngine:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"))
    fill(engine, documents)
    return engine


@pytest.fixture(params=["tantivy", "tantivy in parts", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def empty_engine(request, tmp_path) -> Any:
    """Return one engine after the other, without an index yet."""
    if request.param.startswith("tantivy"):
        return EmbeddedEngine(tmp_path / "index", divided_from=DIVIDED if request.param == "tantivy" else 0)
    # the names of temporary directories are not used twice in a session
    return ElasticEngine(request.getfixturevalue("node").url, f"contract-{tmp_path.name}".replace("_", "-"), PATIENT)


@pytest.fixture
def engine(empty_engine) -> Any:
    """Return one engine after the other, each with an index of 40 documents that a test may change."""
    fill(empty_engine, corpus(40))
    return empty_engine
