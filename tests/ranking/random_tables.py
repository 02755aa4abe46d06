"""Random rubrics and score tables, small enough to be equal often."""

import random
from collections.abc import Iterator
from typing import Any

from procurement.ranking import write_rubric, write_scores

WORDS = ("experience", "cost", "staff", "quality")
STANDINGS = ("", "", "", "", "refused", "lapsed", "excluded")


def random_definition(dice: random.Random) -> dict[str, Any]:
    """Return a rubric without gaps."""
    codes = dice.sample(WORDS, dice.randint(1, 4))
    criteria = [
        {
            "code": code,
            "name_uk": code,
            "name_en": code,
            "weight": dice.choice(("1", "2", "0.5", "0.35", "1.125", "3.333")),
            "max": dice.choice(("2", "4", "5")),
            "step": dice.choice(("1", "0.5")),
            "threshold": dice.choice((None, None, None, "1", "1.5")),
            "values": [],
            "note_uk": "",
            "note_en": "",
        }
        for code in codes
    ]
    steps = [{"by": "asked", "order": "lower"}, {"by": "earlier"}]
    steps += [{"by": "criterion", "criterion": code} for code in codes]
    ties = dice.sample(steps, dice.randint(0, min(3, len(steps))))
    award = dice.choice(({"kind": "single"}, {"kind": "budget", "when_short": dice.choice(("skip", "stop"))}))
    return {
        "criteria": criteria,
        "method": dice.choice(("mean", "mean", "sum")),
        "rounding": {"rule": dice.choice(("half_up", "half_up", "half_even", "down")), "digits": dice.randint(0, 4)},
        "threshold": dice.choice(("0", "0", "2", "4.5")),
        "consensus_spread": dice.choice((None, "2")),
        "ties": [*ties, {"by": "casting"}],
        "award": award,
    }


def random_lots(dice: random.Random) -> list[dict[str, Any]]:
    budgets = (None, "0", "100", "250.50", "1000")
    return [
        {"number": number, "title": f"Лот {number}", "budget": dice.choice(budgets)}
        for number in range(1, dice.randint(1, 3) + 1)
    ]


def random_rows(
    dice: random.Random, definition: dict[str, Any], lots: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield rows of scores.csv; a casting vote stands with some, whether they are equal or not."""
    members = [f"Член, {number}" for number in range(1, dice.randint(1, 5) + 1)]
    blank = dice.choice((0, 0, 20, 60))
    for lot in lots:
        for proposal in range(1, dice.randint(0, 7) + 1):
            about = {
                "lot": lot["number"],
                "proposal": proposal,
                "asked": dice.choice(("", "50", "50.00", "100", "100.50", "150", "75.25")),
                "submitted_at": f"2027-01-2{dice.randint(0, 2)}T09:00:00.000000Z",
                "standing": dice.choice(STANDINGS),
                "casting": dice.choice(("", "", "1", "2", "3")),
            }
            for member in members:
                for one in definition["criteria"]:
                    points = random_points(dice, one) if dice.randrange(100) >= blank else ""
                    yield {**about, "member": member, "criterion": one["code"], "points": points}


def random_points(dice: random.Random, criterion: dict[str, Any]) -> str:
    if criterion["step"] == "1":
        return str(dice.randint(0, int(criterion["max"])))
    return dice.choice([f"{whole}{half}" for whole in range(int(criterion["max"])) for half in ("", ".5")])


def random_texts(seed: int) -> tuple[str, str]:
    """Return scores.csv and rubric.json of a random competition."""
    dice = random.Random(seed)
    definition, lots = random_definition(dice), random_lots(dice)
    scores = write_scores(random_rows(dice, definition, lots))
    return scores, write_rubric("2027-00001", definition, lots)
