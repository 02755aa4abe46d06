"""What questions mean, and that nothing anybody types breaks the reading of them."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.reference_words import lexicon_for
from search.understanding import understand


@pytest.fixture(scope="module")
def lexicon():
    return lexicon_for([], ["Догляд вдома за людьми похилого віку", "Притулок для постраждалих від насильства"])


def meant(understood):
    """Return the services and groups by which the question may be met."""
    tokens = {token for concept in understood.concepts for one in concept.alternatives for token in one.tokens}
    return {token[2:] for token in tokens if token[:2] in {"s:", "g:"}}


def test_question_in_own_words_has_its_need_group_and_place(lexicon):
    understood = understand("куда дет бабушку лежачую полтава", lexicon)

    assert "older-people" in meant(understood)
    assert {"home-care", "residential-care"} & meant(understood)
    assert understood.place.label == "Полтава"
    assert "полтава" not in understood.text_without_place


def test_place_people_came_from_is_not_where_help_is_wanted(lexicon):
    understood = understand("переїхали з Бахмута, шукаємо житло у Полтаві", lexicon)

    assert understood.place.label == "Полтава"


def test_place_is_left_alone_when_one_was_chosen(lexicon):
    understood = understand("притулок львів", lexicon, with_place=False)

    assert understood.place is None


def test_misspelt_word_is_read_and_said(lexicon):
    understood = understand("прутулок", lexicon)

    assert ("прутулок", "притулок") in understood.corrections
    assert "shelter" in meant(understood)


def test_word_of_another_keyboard_is_read(lexicon):
    understood = understand("ljukzl dljvf", lexicon)

    assert "home-care" in meant(understood)


def test_missing_apostrophe_is_no_mistake(lexicon):
    understood = understand("чоловік бє", lexicon)

    assert "violence-survivors" in meant(understood) or "crisis-intervention" in meant(understood)


def test_wish_is_told_from_a_topic(lexicon):
    understood = understand("сиділка безкоштовно", lexicon)

    assert ("price", "free") in {(wish.facet, wish.value) for wish in understood.wishes}


def test_words_of_a_phrase_may_stand_apart_and_in_any_order(lexicon):
    for text in ("мовою жестовою перекладач", "перекладач з жестової мови"):
        assert "sign-language-interpreting" in meant(understand(text, lexicon))


def test_own_words_are_worth_more_than_what_they_are_taken_for(lexicon):
    understood = understand("сиделка", lexicon)

    worths = {one.tokens: one.worth for concept in understood.concepts for one in concept.alternatives}
    assert all(0 < worth <= 2 for worth in worths.values())


hostile = st.one_of(
    st.text(max_size=300),
    st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъё'’ʼ-\u0301\u00ad\u200b", max_size=300),
    st.text("[]{}()\"'*?~^:/\\+-!&|<>=@#$%,.;_ ANDORNOTandor", max_size=120),
    st.text(st.characters(blacklist_categories=()), max_size=200),
    st.from_regex(r"(?s)[\u0590-\u06ff\U0001F300-\U0001FAFFa-zа-я ]{0,80}", fullmatch=True),
)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(hostile)
@example("а" * 100_000)
@example("догляд " * 20_000)
@example("\x00" * 5_000)
@example("AND OR NOT ( ) [ ] { } * ? ~ ^ : \\ / \" '")
@example("\u202eдогляд\u202c")
@example("👵🏻 лежача 🛏️")
@example("ljukzl'" * 500)
def test_nothing_typed_breaks_the_reading(lexicon, text):
    understood = understand(text, lexicon)

    assert len(understood.concepts) <= 40
    for concept in understood.concepts:
        assert concept.alternatives
        for one in concept.alternatives:
            assert all(token and not any(letter.isspace() for letter in token) for token in one.tokens)


@pytest.mark.parametrize("text", ["їй 82 потрібна допомога", "сусідці 87 років", "маме 79 лет"])
def test_old_age_tells_the_group(lexicon, text):
    assert "older-people" in meant(understand(text, lexicon))


@pytest.mark.parametrize("text", ["6 років дитячий психолог", "кабінет 12"])
def test_small_number_is_an_age_only_with_its_years(lexicon, text):
    concepts = [concept.said for concept in understand(text, lexicon).concepts]

    assert ("6 років" in concepts) == ("6" in text)
    assert "older-people" not in meant(understand(text, lexicon))


def test_russian_written_by_ear_is_read_and_said(lexicon):
    understood = understand("шо дєлать", lexicon)

    assert ("дєлать", "делать") in understood.corrections


def test_ukrainian_words_are_not_taken_for_russian_ones(lexicon):
    understood = understand("їжа для сімʼї", lexicon)

    assert understood.corrections == []


def test_phrase_turned_round_means_all_that_both_orders_mean(lexicon):
    there, back = understand("нечего есть", lexicon), understand("есть нечего", lexicon)

    assert meant(there) == meant(back) != set()
