"""Learn which needs words tell of: search/reference/need_phrases.csv becomes need_weights.json.

Needs scikit-learn, which nothing else does: `pip install scikit-learn` first. The same phrases give the same file.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import django
import numpy as np
import orjson
from scipy import sparse
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import normalize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
django.setup()

from search.analysis.normal import words  # noqa: E402 the project's root must be on the path first
from search.concepts import Word  # noqa: E402
from search.needs import SCALE, features_of, phrases  # noqa: E402
from search.reference_words import gazetteer, meanings  # noqa: E402
from search.thesaurus import REFERENCE, content_words  # noqa: E402
from search.understanding import Lexicon  # noqa: E402

# how much the learner is held back, how often it reads everything, from which size on a weight is kept
ALPHA, ROUNDS, LEAST = 6e-5, 15, 0.12
# so many learners, each reading in another order, are averaged: one alone changes with every phrase that is added
SEEDS: Final = range(5)


def table_of(rows: Sequence[Sequence[str]]) -> tuple[Any, dict[str, int]]:
    """Return a sparse table, a row for each phrase, and which column each feature has."""
    # every word of a phrase is right as it stands: nothing is corrected
    lexicon = Lexicon(meanings(), gazetteer(), {word: 1 for row in rows for word in row}, len(rows))
    keys = {word: Word(word, lexicon).keys for row in rows for word in row}
    places: dict[str, int] = {}
    data, numbers, columns = [], [], []
    for number, row in enumerate(rows):
        for feature, worth in features_of([(word, keys[word]) for word in row]).items():
            data.append(worth)
            numbers.append(number)
            columns.append(places.setdefault(feature, len(places)))
    return sparse.csr_matrix((data, (numbers, columns)), shape=(len(rows), len(places))), places


def main() -> None:
    told = list(phrases())
    table, places = table_of([content_words(words(phrase)) for _need, phrase in told])
    telling = np.log(1 + table.shape[0] / np.asarray((table > 0).sum(0)).ravel())
    slugs = sorted({need for need, _phrase in told})
    examples, answers = normalize(table.multiply(telling).tocsr()), [slugs.index(need) for need, _phrase in told]
    learners = [
        SGDClassifier(
            loss="modified_huber", alpha=ALPHA, max_iter=ROUNDS, tol=None, average=True, random_state=seed, n_jobs=-1
        ).fit(examples, answers)
        for seed in SEEDS
    ]
    coefficients = np.mean([one.coef_ for one in learners], axis=0)
    bias = np.mean([one.intercept_ for one in learners], axis=0)
    features = {}
    for feature, place in sorted(places.items()):
        weights = coefficients[:, place]
        if len(kept := np.nonzero(np.abs(weights) >= LEAST)[0]):
            pairs = [(int(need), round(float(weights[need]) * SCALE)) for need in kept]
            features[feature] = [round(float(telling[place]) * SCALE), *(one for pair in pairs for one in pair)]
    content = orjson.dumps(
        {
            "phrases": hashlib.sha256((REFERENCE / "need_phrases.csv").read_bytes()).hexdigest(),
            "needs": slugs,
            "bias": [round(float(one) * SCALE) for one in bias],
            "features": features,
        }
    )
    (REFERENCE / "need_weights.json").write_bytes(content)
    print(f"{len(told)} phrases, {len(slugs)} needs, {len(features)} features, {len(content) / 2**20:.1f} MB")


main()
