"""What is missing where a payment cannot be worked out: a question not answered, or a row that nobody has entered."""

from __future__ import annotations

from enum import StrEnum


class Missing(StrEnum):
    INCOME = "income"
    FAMILY = "family"
    MINIMUM_GROUP = "minimum_group"
    CATEGORY = "category"
    DISABILITY = "disability"
    URGENT = "urgent"
    # not the reader's: the law or the table is silent
    EDGE = "edge"
    BANDS = "bands"
    METHOD = "method"
    MINIMUM = "minimum"
    FEE_RULE = "fee_rule"
    NO_RULES = "no_rules"
    OWN_TERMS = "own_terms"


# what the reader may still answer
QUESTIONS = frozenset(
    {
        Missing.INCOME,
        Missing.FAMILY,
        Missing.MINIMUM_GROUP,
        Missing.CATEGORY,
        Missing.DISABILITY,
        Missing.URGENT,
    }
)
