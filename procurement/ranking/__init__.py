r"""The ranking as a pure function of two texts, scores.csv and rubric.json; the same as the published `rank.py` makes.

No database, no clock, no float: points are exact fractions, rounded once by the rule the rubric names.

**scores.csv** (UTF-8, `,`, `\n`): `lot,proposal,asked,submitted_at,standing,casting,member,criterion,points`; a row
for each member × criterion of each admitted proposal in each lot, in the order of lot, proposal, member, criterion.
`asked` is a decimal text or empty; `standing` empty, `refused`, `lapsed` or `excluded`; `casting` the place that a
recorded casting vote or drawing gave among equals, or empty; `points` a decimal text, empty where not applicable.

**rubric.json**: `{"competition", "rubric": {definition of procurement/reference/README.md}, "lots": [{"number",
"title", "budget"}]}`.

A criterion's value is the mean (or sum) of the points given; not applicable ones are left out, a criterion without any
points counts nothing, as zero. The total is the weighted sum of the exact values. Values and total are rounded once
(`half_up`, `half_even` or `down` to `digits`); what is shown is what is compared. Who is below a threshold of the total
or of a criterion cannot win. Equal rounded totals are told apart by the steps of `ties` in their order: `criterion`,
the higher; `asked`, the lower, none last; `earlier`; `casting`. What stays equal shares a place and is `undecided` if
that matters for winning. A place says what the scores say: it does not move because somebody above may not win.
With `award` `single` the first that may win wins; with `budget` those that fit into the lot's budget from the top,
`when_short` `skip` passes over what does not fit, `stop` ends there. No sum, or no budget, fits nothing.

**ranking.csv**: `lot,place,proposal,total,<criteria…>,asked,outcome,tie`; outcome `winner`, `reserve` (may win if those
above do not, or once they are decided), `below_threshold`, `over_budget`, `undecided`, `refused`, `lapsed`, `excluded`;
`tie` the step that told it from the equal neighbour above, or else below: `criterion:<code>`, `asked`, `earlier`,
`casting`.
"""

from procurement.ranking.gaps import RubricRefused, faults_of, gaps_of, require_rubric
from procurement.ranking.leaving_out import equals_of, sensitivity
from procurement.ranking.model import Table
from procurement.ranking.placing import place
from procurement.ranking.texts import Placed, read_ranking, read_table, write_ranking, write_rubric, write_scores

__all__ = [
    "Placed",
    "RubricRefused",
    "Table",
    "equals_of",
    "faults_of",
    "gaps_of",
    "place",
    "rank",
    "read_ranking",
    "read_table",
    "require_rubric",
    "sensitivity",
    "write_ranking",
    "write_rubric",
    "write_scores",
]


def rank(scores: str, rubric: str) -> str:
    """Return ranking.csv, as the published script prints it."""
    table = read_table(scores, rubric)
    return write_ranking(place(table), [one.code for one in table.rubric.criteria])
