"""The ranking as a pure function of two texts, scores.csv and rubric.json; the same as the published `rank.py` makes.

No database, no clock, no float: points are exact fractions, rounded once by the rule the rubric names.

**scores.csv** (UTF-8, `,`, `\\n`): `lot,proposal,asked,submitted_at,standing,casting,member,criterion,points`; a row for
each member × criterion of each admitted proposal in each lot, ordered by lot, proposal, member, the rubric's criteria.
`asked` is a decimal text or empty; `standing` empty, `refused`, `lapsed` or `excluded`; `casting` the place that a
recorded casting vote or drawing gave among equals, or empty; `points` a decimal text, empty where not applicable.

**rubric.json**: `{"competition", "rubric": {definition of procurement/reference/README.md}, "lots": [{"number", "title",
"budget"}]}`.

A criterion's value is the mean (or sum) of the points given; not applicable ones are left out, a criterion without any
points counts nothing. The total is the weighted sum, rounded once (`half_up`, `digits`). Who is below a threshold of the
total or of a criterion cannot win. Equal rounded totals are told apart by the steps of `ties` in their order
(`criterion`, `asked`, `earlier`, `casting`); what stays equal shares a place and is `undecided` if it matters for winning.
With `award` `single` the first that may win wins; with `budget` those that fit into the lot's budget from the top,
`when_short` `stop` or `skip`.

**ranking.csv**: `lot,place,proposal,total,<criteria…>,asked,outcome,tie`; outcome `winner`, `reserve`, `below_threshold`,
`over_budget`, `undecided`, `refused`, `lapsed`, `excluded`; `tie` the step that told it from an equal neighbour.
"""
