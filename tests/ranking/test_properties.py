"""What holds of every ranking, whatever the scores: order, ties, outcomes, rounding."""

import random
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.ranking import place, rank, read_ranking, read_table
from procurement.ranking.model import Rounding
from procurement.ranking.placing import groups_of
from tests.ranking.random_tables import random_texts

FEW = settings(max_examples=80, deadline=None, derandomize=True)
SEEDS = st.integers(min_value=10_000, max_value=1_000_000)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}


@FEW
@given(SEEDS)
def test_ranking_follows_from_the_texts_alone(seed):
    scores, rubric = random_texts(seed)
    assert rank(scores, rubric) == rank(scores, rubric)
    head, *rows = scores.splitlines()
    shuffled = rows[:]
    random.Random(seed).shuffle(shuffled)
    assert rank("\n".join([head, *shuffled]) + "\n", rubric) == rank(scores, rubric)


@FEW
@given(SEEDS)
def test_every_proposal_has_one_place_in_the_order_of_totals(seed):
    table = read_table(*random_texts(seed))
    lines = place(table)
    assert sorted((one.lot, one.proposal) for one in lines) == sorted((bid.lot, bid.number) for bid in table.bids)
    for lot in table.lots:
        own = [one for one in lines if one.lot == lot.number]
        assert [one.total for one in own] == sorted((one.total for one in own), reverse=True)
        for one in own:
            assert one.place == 1 + sum(other.place < one.place for other in own)


@FEW
@given(SEEDS)
def test_what_is_read_back_is_what_was_written(seed):
    scores, rubric = random_texts(seed)
    assert read_ranking(rank(scores, rubric)) == place(read_table(scores, rubric))


@FEW
@given(SEEDS)
def test_a_tie_is_named_exactly_where_totals_are_equal(seed):
    lines = place(read_table(*random_texts(seed)))
    for one in lines:
        same = [other for other in lines if (other.lot, other.total) == (one.lot, one.total)]
        assert bool(one.tie) == (len({other.place for other in same}) > 1)


@FEW
@given(SEEDS)
def test_who_may_not_win_never_does_and_the_best_that_may_is_never_passed_over(seed):
    table = read_table(*random_texts(seed))
    lines = {(one.lot, one.proposal): one for one in place(table)}
    for bid in table.bids:
        line = lines[bid.lot, bid.number]
        assert not bid.standing or line.outcome == bid.standing
        if line.outcome in ("winner", "undecided"):
            assert line.total >= table.rubric.threshold
    if not table.rubric.by_budget:
        for lot in table.lots:
            told = [one.outcome for one in lines.values() if one.lot == lot.number]
            assert told.count("winner") <= 1
            assert not ("winner" in told and "undecided" in told)
            assert "reserve" not in told or "winner" in told or "undecided" in told


@FEW
@given(SEEDS)
def test_winners_fit_into_the_budget_of_their_lot(seed):
    table = read_table(*random_texts(seed))
    if not table.rubric.by_budget:
        return
    lines = place(table)
    for lot in table.lots:
        spent = sum(Decimal(one.asked) for one in lines if one.lot == lot.number and one.outcome == "winner")
        assert spent <= (lot.budget or 0)


@FEW
@given(SEEDS)
def test_equals_are_undecided_exactly_where_their_order_would_matter(seed):
    """Brute force: the equals are put in every order by hand; where the winners differ, nothing may be decided."""
    table = read_table(*random_texts(seed))
    lines = {(one.lot, one.proposal): one for one in place(table)}
    for lot in table.lots:
        groups = groups_of(table, lot)
        for index, group in enumerate(groups):
            able = [one for one in group if one.is_able]
            if len(able) < 2:
                continue
            above = [one for earlier in groups[:index] for one in earlier if one.is_able]
            if any(lines[lot.number, one.bid.number].outcome == "undecided" for one in above):
                continue
            won = {
                frozenset(_winners(table.rubric, lot, [*above, *order]) & _numbers(able))
                for order in permutations(able[:5])
            }
            undecided = {one.bid.number for one in able if lines[lot.number, one.bid.number].outcome == "undecided"}
            if len(able) <= 5:
                assert bool(undecided) == (len(won) > 1)


def _numbers(standing) -> set[int]:
    return {one.bid.number for one in standing}


def _winners(rubric, lot, order) -> set[int]:
    """Return who wins if nobody is equal: one after the other."""
    if not rubric.by_budget:
        return {one.bid.number for one in order[:1]}
    left, won = lot.budget or Fraction(0), set()
    for one in order:
        need = Fraction(one.bid.asked)
        if need <= left:
            won.add(one.bid.number)
            left -= need
        elif rubric.stops:
            break
    return won


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.integers(min_value=0, max_value=10**7),
    st.integers(min_value=1, max_value=999),
    st.sampled_from(sorted(MODES)),
    st.integers(min_value=0, max_value=6),
)
def test_rounding_is_the_named_rule_to_the_last_digit(numerator, denominator, rule, digits):
    value = Fraction(numerator, denominator)
    # sixty digits, cut with a mark that something follows: decimal's own rules then see what the exact number says
    exact = _cut(value, 60)
    step = Decimal(1).scaleb(-digits)
    expected = exact.quantize(step, MODES[rule], Context(prec=90))
    assert f"{Rounding(rule, digits)(value):f}" == f"{expected:f}"


def _cut(value: Fraction, digits: int) -> Decimal:
    units, rest = divmod(value.numerator * 10**digits, value.denominator)
    return Decimal(f"{units * 10 + (1 if rest else 0)}E-{digits + 1}")


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        ("half_up", "0.125", "0.13"),
        ("half_up", "12.005", "12.01"),
        ("half_up", "12.0049999", "12.00"),
        ("half_even", "0.125", "0.12"),
        ("half_even", "0.135", "0.14"),
        ("down", "0.1299999", "0.12"),
        ("half_up", "1/3", "0.33"),
        ("half_up", "2/3", "0.67"),
        ("half_up", "0", "0.00"),
    ],
)
def test_halves_go_where_the_rule_says(rule, value, told):
    assert f"{Rounding(rule, 2)(Fraction(value)):f}" == told
