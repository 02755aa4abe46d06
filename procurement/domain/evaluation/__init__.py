"""From opened proposals to a decision: the commission, admission, scoring, minutes, awards, appeals."""
