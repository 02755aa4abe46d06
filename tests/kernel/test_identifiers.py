import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban
from stdnum.ua import edrpou, rntrc

from portal.kernel.identifiers import (
    InvalidIdentifier,
    clean_edrpou,
    clean_iban,
    clean_katottg,
    clean_rnokpp,
    validate_edrpou,
    validate_iban,
    validate_katottg,
    validate_rnokpp,
)

IBAN = "UA213223130000026007233566001"
fillings = st.lists(st.sampled_from([" ", "\u00a0", "-", "–", "\u200b", "\ufeff", "\t"]), min_size=40, max_size=40)


def spread(code, filling):
    return "".join(sign + gap for sign, gap in zip(code, filling, strict=False))


@st.composite
def edrpous(draw):
    body = f"{draw(st.integers(0, 9_999_999)):07}"
    return body + edrpou.calc_check_digit(body)


@st.composite
def rnokpps(draw):
    body = f"{draw(st.integers(0, 999_999_999)):09}"
    return body + rntrc.calc_check_digit(body)


@st.composite
def ibans(draw):
    body = f"{draw(st.integers(0, 10**25 - 1)):025}"
    return "UA" + iban.calc_check_digits("UA00" + body) + body


@given(edrpous(), fillings)
def test_edrpou_survives_spaces_and_dashes(code, filling):
    assert clean_edrpou(spread(code, filling)) == code


@given(edrpous(), st.integers(0, 7), st.integers(1, 9))
def test_edrpou_of_two_candidates_differing_in_the_check_digit_only_one_is_taken(code, _place, step):
    wrong = code[:-1] + str((int(code[-1]) + step) % 10)
    with pytest.raises(InvalidIdentifier) as error:
        clean_edrpou(wrong)
    assert error.value.code == "check_digit"


@given(st.integers(0, 999_999))
def test_the_zero_a_spreadsheet_dropped_comes_back_when_the_check_digit_agrees(number):
    body = f"0{number:06}"
    code = body + edrpou.calc_check_digit(body)
    assert clean_edrpou(code[1:]) == code


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("3285596", "length"),
        ("328559611", "length"),
        ("3285596a", "letters"),
        ("٣٢٨٥٥٩٦١", "letters"),
        ("32855968", "check_digit"),
    ],
)
def test_edrpou_faults_are_named(value, fault):
    with pytest.raises(InvalidIdentifier) as error:
        clean_edrpou(value)
    assert error.value.code == fault
    assert error.value.messages


@given(rnokpps(), fillings)
def test_rnokpp_survives_spaces_and_dashes(code, filling):
    assert clean_rnokpp(spread(code, filling)) == code


@pytest.mark.parametrize(
    ("value", "fault"), [("1759013770", "check_digit"), ("175901377", "length"), ("АБ", "letters")]
)
def test_rnokpp_faults_are_named(value, fault):
    with pytest.raises(InvalidIdentifier) as error:
        clean_rnokpp(value)
    assert error.value.code == fault


@given(ibans(), fillings, st.sampled_from(["UA", "ua", "UА", "Uа", "УА"]))
def test_iban_survives_spaces_and_cyrillic_twins_of_its_letters(code, filling, prefix):
    assert clean_iban(spread(prefix + code[2:], filling)) == code


@given(ibans(), st.integers(2, 28), st.integers(1, 9))
def test_one_mistyped_digit_of_an_iban_is_seen(code, place, step):
    wrong = code[:place] + str((int(code[place]) + step) % 10) + code[place + 1 :]
    with pytest.raises(InvalidIdentifier) as error:
        clean_iban(wrong)
    assert error.value.code == "check_digit"


@pytest.mark.parametrize(
    ("value", "fault"),
    [(IBAN[:-1], "length"), ("DE" + IBAN[2:], "prefix"), (IBAN[:-1] + "O", "letters"), ("UA", "length")],
)
def test_iban_faults_are_named(value, fault):
    with pytest.raises(InvalidIdentifier) as error:
        clean_iban(value)
    assert error.value.code == fault


@given(st.integers(0, 10**17 - 1), fillings, st.sampled_from(["", "M", "м", "К", "O"]))
def test_katottg_is_cleaned_and_its_level_letter_dropped(number, filling, level):
    code = f"UA{number:017}"
    assert clean_katottg(spread(code.replace("A", "А").lower() + level, filling)) == code


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("UA0502", "length"),
        ("05020030010063857", "prefix"),
        ("UA0502003001006385X", "letters"),
        ("UA05020030010063857Z", "letters"),
    ],
)
def test_katottg_faults_are_named(value, fault):
    with pytest.raises(InvalidIdentifier) as error:
        clean_katottg(value)
    assert error.value.code == fault


@given(st.text(max_size=30))
def test_cleaning_any_text_gives_a_clean_code_or_a_named_fault(text):
    for clean in (clean_edrpou, clean_rnokpp, clean_iban, clean_katottg):
        try:
            code = clean(text)
        except InvalidIdentifier as error:
            assert error.messages
        else:
            assert clean(code) == code


def test_validators_pass_good_codes_and_refuse_bad_ones():
    validate_edrpou("32855961")
    validate_rnokpp("1759013776")
    validate_iban(IBAN)
    validate_katottg("UA05020030010063857")
    for validate in (validate_edrpou, validate_rnokpp, validate_iban, validate_katottg):
        with pytest.raises(InvalidIdentifier):
            validate("1")


@given(st.integers(0, 9_999_999))
def test_seven_digits_that_disagree_stay_too_short(number):
    digits = f"{number:07}"
    assume(not edrpou.is_valid("0" + digits))
    with pytest.raises(InvalidIdentifier) as error:
        clean_edrpou(digits)
    assert error.value.code == "length"
