"""What is taken for data about people: names in their forms, numbers, addresses; and what is not."""

import pytest

from portal.kernel.personal_data import SuspectKind, suspects


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Послугу отримала Марія Петренко вчасно.", "Марія Петренко", SuspectKind.NAME),
        ("Не працює Іван Васильович Коваленко.", "Іван Васильович Коваленко", SuspectKind.NAME),
        ("Шевченко І. П. скаржився", "Шевченко І. П.", SuspectKind.NAME),
        ("Відмовився О.О. Бондар", "О.О. Бондар", SuspectKind.NAME),
        ("Допомогли Марії з документами.", "Марії", SuspectKind.NAME),
        ("бабуся ганна іванівна", "ганна іванівна", SuspectKind.NAME),
        ("марія петренко прийшла", "марія петренко", SuspectKind.NAME),
        ("ПЕТРЕНКО МАРІЯ ІВАНІВНА", "ПЕТРЕНКО МАРІЯ ІВАНІВНА", SuspectKind.NAME),
        ("Петренко хворів", "Петренко", SuspectKind.NAME),
        ("тел. +38 (067) 123-45-67", "+38 (067) 123-45-67", SuspectKind.PHONE),
        ("пишіть на a.b@example.org", "a.b@example.org", SuspectKind.EMAIL),
        ("РНОКПП 1234567890", "РНОКПП 1234567890", SuspectKind.TAXPAYER),
        ("паспорт АБ 123456", "паспорт АБ 123456", SuspectKind.PASSPORT),
        ("мешкає: вул. Івана Франка, 12, кв. 5", "вул. Івана Франка, 12, кв. 5", SuspectKind.ADDRESS),
        ("народилася 12.03.1950", "народилася 12.03.1950", SuspectKind.BIRTH),
    ],
)
def test_suspects_names_what_it_found_and_where(text, words, kind):
    (found,) = suspects(text)
    assert (found.words, found.kind) == (words, kind)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "Надія на краще є. Віра допомогла.",
        "Надано 1200 годин у 2027 році за договором № 2027-D00041 на суму 1234567,50 грн.",
        "Догляд вдома надано 25 особам у Коростені та в Миколаєві. Роман змін не буде.",
        "Відремонтовано вулицю Тараса Шевченка та школу імені Лесі Українки.",
        "Затримка через повітряні тривоги. Мін’юст, ЦНАП і РДА повідомлено.",
        "У липні не працював автомобіль. Замінили водія. Мали 3 виїзди на місяць.",
        "",
    ],
)
def test_suspects_leaves_ordinary_words_alone(text):
    assert suspects(text) == []
