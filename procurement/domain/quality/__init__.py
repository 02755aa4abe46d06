"""Quality evaluation (decree 449): indicators, ratings, surveys of recipients, replies.

`evaluations` begins and publishes, `gaps` says what is missing, `arithmetic` computes, `content` freezes; `surveys`,
`codes` and `ballots` take answers, `results` and `suppression` tell of them; `yearly` knows who has still to evaluate.
"""
