from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.answering import Question, answer
from search.engines.elastic import ElasticEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.interface import Engine, EngineAway, IndexState
from search.labelled import DEPTH, LabelledSet, LabelledSetError, Score, document_of, ndcg, read, recall
from search.reference_words import annotator, gazetteer, lexicon_for


class Command(BaseCommand):
    help = "Judge the search by a labelled set: nDCG@10, recall@10 and empty pages, per question and in all."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="holds corpus.json, queries.json, judgments.json")
        parser.add_argument("--engine", choices=["tantivy", "elasticsearch"], default="tantivy")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one object")

    def handle(self, *args: Any, folder: Path, engine: str, as_json: bool, **options: Any) -> None:
        try:
            labelled = read(folder)
            with scratch_engine(engine) as scratch:
                scores = judge(labelled, scratch)
        except (LabelledSetError, EngineAway) as error:
            raise CommandError(str(error)) from error
        told = summary(engine, scores)
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for score in scores:
            known = "    –" if score.recall10 is None else f"{score.recall10:5.2f}"
            self.stdout.write(f"{score.ndcg10:5.2f} {known}  {score.id}  {score.query}")
        self.stdout.write(
            f"\n{engine}: nDCG@10 {told['ndcg10']:.4f}, recall@10 {told['recall10']:.4f}, "
            f"empty {told['empty']} of {len(scores)}"
        )


@contextmanager
def scratch_engine(name: str) -> Iterator[Engine]:
    """Yield an engine with an index of its own, which is gone afterwards."""
    if name == "tantivy":
        with tempfile.TemporaryDirectory(prefix="poruch-evaluate-") as folder:
            yield EmbeddedEngine(Path(folder))
        return
    if not settings.ELASTICSEARCH_URL:
        raise CommandError("PORTAL_ELASTICSEARCH_URL is not set: start a node by `make elasticsearch`")
    engine = ElasticEngine(settings.ELASTICSEARCH_URL, prefix=f"evaluate-{uuid.uuid4().hex[:8]}", timeout=30.0)
    try:
        yield engine
    finally:
        engine.forget()


def judge(labelled: LabelledSet, engine: Engine) -> list[Score]:
    """Index the corpus, ask every question as a page of ten does, and score what comes."""
    documents = [document_of(row, annotator(), gazetteer()) for row in labelled.documents]
    with engine.rebuild("labelled") as writer:
        if writer is None:
            raise EngineAway("another process writes")
        writer.put(document.as_index() for document in documents)
        writer.commit(IndexState(1, "labelled", len(documents), "labelled"))
    texts = (f"{row.get('name', '')} {row.get('description', '')}" for row in labelled.documents)
    lexicon = lexicon_for(documents, texts)
    scores = []
    for query in labelled.queries:
        got = answer(Question(str(query["query"]), size=DEPTH), engine=engine, lexicon=lexicon)
        found = [result.id for result in (*got.results, *got.partly)][:DEPTH]
        graded = labelled.judgments.get(str(query["id"]), {})
        scores.append(Score(str(query["id"]), str(query["query"]), ndcg(found, graded), recall(found, graded), found))
    return scores


def summary(engine: str, scores: list[Score]) -> dict[str, Any]:
    known = [score.recall10 for score in scores if score.recall10 is not None]
    return {
        "engine": engine,
        "ndcg10": sum(score.ndcg10 for score in scores) / max(len(scores), 1),
        "recall10": sum(known) / max(len(known), 1),
        "empty": sum(not score.found for score in scores),
        "queries": [
            {
                "id": score.id,
                "query": score.query,
                "ndcg10": score.ndcg10,
                "recall10": score.recall10,
                "found": score.found,
            }
            for score in scores
        ],
    }
