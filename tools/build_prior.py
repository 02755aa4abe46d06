"""Make search/reference/prior.json: how common each lemma is in texts of the field; ambiguous forms are read by it."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from search.analysis import morphology  # noqa: E402 the project's root must be on the path first
from search.analysis.normal import words  # noqa: E402

REFERENCE = ROOT / "registry" / "reference"
TARGET = ROOT / "search" / "reference" / "prior.json"
PLACES = {"K": 6, "M": 6, "X": 1}


def texts() -> Iterator[str]:
    """Yield every Ukrainian text that comes with the portal."""
    for path in sorted([*REFERENCE.glob("*.json"), *(REFERENCE / "demo").glob("*.json")]):
        if "ua_oblasts" not in path.name:
            yield from re.findall(r'"((?:[^"\\]|\\.)*[а-яіїєґ](?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
    with (ROOT / "search" / "reference" / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["language"] == "uk":
                yield row["phrase"]
            if row["kind"] == "words":
                yield row["target"]


def main() -> None:
    morphology.prior.cache_clear()
    times: Counter[str] = Counter()
    for text in texts():
        for word in words(text):
            if not morphology.is_known(word):
                continue
            for lemma in morphology.lemmas.__wrapped__(word):
                # a word that stands in its dictionary form is more surely that lemma
                times[lemma] += 2 if lemma == word else 1
    with (REFERENCE / "territories.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in words(row["name"]):
                times[word] += PLACES.get(row["category"], 0)
    kept = {lemma: count for lemma, count in sorted(times.items()) if count > 1}
    TARGET.write_text(json.dumps(kept, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(kept)} lemmas")


if __name__ == "__main__":
    main()
