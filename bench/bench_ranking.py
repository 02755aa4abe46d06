"""Measure a ranking far larger than any commission will make: by the portal, by the published script, sensitivity too.

No database is needed: the ranking is a pure function of two texts.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from procurement import ranking  # noqa: E402 the root must be on the path first
from procurement.published import rank as script  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proposals", type=int, default=1_000)
    parser.add_argument("--members", type=int, default=20)
    options = parser.parse_args()
    scores, rubric = texts(options.proposals, options.members)
    print(f"{options.proposals} proposals, {options.members} members: scores.csv has {len(scores) // 1024} KiB")
    told = measure("the portal's ranking", ranking.rank, scores, rubric)
    again = measure("rank.py", script.rank, scores, rubric)
    measure("sensitivity", ranking.sensitivity, scores, rubric)
    print("rank.py makes the same bytes" if told == again else "THE TWO DIFFER")
    return 0 if told == again else 1


def measure(name, make, *told):
    began = time.perf_counter()
    made = make(*told)
    print(f"{name:24}{time.perf_counter() - began:8.2f} s")
    return made


def texts(proposals: int, members: int) -> tuple[str, str]:
    """Return the texts of a competition by the shipped default of projects, scored by dice."""
    dice = random.Random(5)
    path = ROOT / "procurement/reference/rubrics/project-default.json"
    definition = json.loads(path.read_text(encoding="utf-8"))["definition"]
    rows = [
        {
            "lot": 1,
            "proposal": proposal,
            "asked": f"{dice.randint(50, 400)}000.00",
            "submitted_at": "2027-01-21T09:00:00.000000Z",
            "standing": "",
            "casting": "",
            "member": f"Член {member}",
            "criterion": one["code"],
            "points": dice.choice("01234"),
        }
        for proposal in range(1, proposals + 1)
        for member in range(1, members + 1)
        for one in definition["criteria"]
    ]
    lots = [{"number": 1, "title": "Проєкти", "budget": "20000000.00"}]
    return ranking.write_scores(rows), ranking.write_rubric("2027-00001", definition, lots)


if __name__ == "__main__":
    raise SystemExit(main())
