"""Every fault: a name, a file, and the (row, column, code) that the report must have, in order."""

from tests.registry.faults.files import GOOD, OTHER, csv_bytes, lying_bomb, xlsx_bytes, zip_bomb

SERVICE = {**GOOD, "service": "home-care"}
PLACE = {**GOOD, "oblast": "Полтавська", "settlement": "Диканька"}
PERSONAL = "3184710691"  # a valid РНОКПП of nobody in particular


def one(row, *, good_first=True):
    """Return a CSV with the bad row in the third line, after a good provider, or alone."""
    return csv_bytes([{**OTHER}, row] if good_first else [row])


CELLS = {
    "edrpou_check_digit": (one({**GOOD, "edrpou": "43970361"}), (3, "edrpou", "edrpou.check_digit")),
    "edrpou_letters": (one({**GOOD, "edrpou": "4397036A"}), (3, "edrpou", "edrpou.letters")),
    "edrpou_too_long": (one({**GOOD, "edrpou": "439703601"}), (3, "edrpou", "edrpou.length")),
    "name_too_long": (one({**GOOD, "name": "Ц" * 501}), (3, "name", "text.too_long")),
    "neither_name_nor_code": (one({"phones": "102"}), (3, "edrpou", "key.missing")),
    "new_without_name": (one({**GOOD, "name": ""}), (3, "name", "name.missing")),
    "hromada_unknown": (one({**GOOD, "hromada": "Вигадана"}), (3, "hromada", "hromada.unknown")),
    "hromada_elsewhere": (
        one({**GOOD, "oblast": "Одеська", "hromada": "Диканська"}),
        (3, "hromada", "hromada.elsewhere"),
    ),
    "code_of_another_oblast": (
        one({**GOOD, "oblast": "Одеська", "katottg": "UA53080130000079450"}),
        (3, "oblast", "oblast.mismatch"),
    ),
    "katottg_unknown": (one({**GOOD, "katottg": "UA99999999999999999"}), (3, "katottg", "katottg.unknown")),
    "service_unknown": (one({**GOOD, "service": "Польоти на Місяць"}), (3, "service", "service.unknown")),
    "group_unknown": (one({**SERVICE, "groups": "Марсіани"}), (3, "groups", "group.unknown")),
    "details_without_service": (one({**GOOD, "service_content": "щось"}), (3, "service_content", "service.missing")),
    "price_no_number": (one({**SERVICE, "price": "сто", "price_unit": "visit"}), (3, "price", "money.form")),
    "price_negative": (one({**SERVICE, "price": "-5", "price_unit": "visit"}), (3, "price", "money.negative")),
    "price_kopecks": (one({**SERVICE, "price": "5,123", "price_unit": "visit"}), (3, "price", "money.kopecks")),
    "tariff_without_unit": (one({**SERVICE, "price": "125,50"}), (3, "price", "price.no_unit")),
    "free_with_tariff": (
        one({**SERVICE, "price": "1", "price_unit": "visit", "price_mode": "free"}),
        (3, "price", "price.free"),
    ),
    "capacity_without_date": (one({**SERVICE, "capacity": "10"}), (3, "capacity", "capacity.no_date")),
    "capacity_no_number": (
        one({**SERVICE, "capacity": "багато", "capacity_on": "01.11.2026"}),
        (3, "capacity", "number.whole"),
    ),
    "date_no_day": (one({**GOOD, "source_on": "31.02.2026"}), (3, "source_on", "date.form")),
    "date_no_date": (one({**GOOD, "source_on": "торік"}), (3, "source_on", "date.form")),
    "date_in_the_future": (one({**GOOD, "verified_on": "01.01.2030"}), (3, "verified_on", "date.future")),
    "coordinates_alone": (one({**PLACE, "latitude": "49.8"}), (3, "latitude", "coordinates.pair")),
    "coordinates_outside": (
        one({**PLACE, "latitude": "12.5", "longitude": "34.5"}),
        (3, "latitude", "coordinates.outside"),
    ),
    "coordinates_no_number": (
        one({**PLACE, "latitude": "північ", "longitude": "34.5"}),
        (3, "latitude", "coordinates.form"),
    ),
    "address_without_place": (one({**GOOD, "street": "вул. Соборна"}), (3, "street", "site.no_place")),
    "postal_index": (one({**PLACE, "postal_index": "385000"}), (3, "postal_index", "postal_index")),
    "formula_equals": (one({**GOOD, "name": "=cmd|' /C calc'!A0"}), (3, "name", "cell.formula")),
    "formula_plus": (one({**GOOD, "name": "+1+1"}), (3, "name", "cell.formula")),
    "formula_at": (one({**GOOD, "about": "@SUM(A1:A9)"}), (3, "about", "cell.formula")),
    "formula_in_phone": (one({**GOOD, "phones": "=1+1"}), (3, "phones", "cell.formula")),
    "cell_of_10_mb": (one({**GOOD, "about": "я" * 10_000_000}), (3, "about", "cell.too_big")),
    "control_character": (one({**GOOD, "name": "Центр\x07"}), (3, "name", "cell.control")),
    "nul_character": (one({**GOOD, "name": "Це\x00нтр"}), (3, "name", "cell.control")),
    "personal_number": (one({**GOOD, "about": f"Керівник, ІПН {PERSONAL}"}), (3, "about", "cell.personal")),
    "enum_unknown": (one({**GOOD, "ownership_form": "моя"}), (3, "ownership_form", "choice.unknown")),
    "yes_no": (one({**SERVICE, "urgent": "можливо"}), (3, "urgent", "yes_no")),
    "email": (one({**GOOD, "emails": "центр@"}), (3, "emails", "email")),
    "website": (one({**GOOD, "websites": "http://"}), (3, "websites", "url")),
    "website_script": (one({**GOOD, "websites": "javascript://x/%0aalert(1)"}), (3, "websites", "url")),
    "phone": (one({**GOOD, "phones": "зателефонуйте"}), (3, "phones", "phone")),
    "code_of_another_kind_of_person": (
        one({**GOOD, "person_type": "natural_person"}),
        (3, "person_type", "person.code"),
    ),
    "standing_by_import": (one({**GOOD, "standing": "excluded"}), (3, "standing", "standing.new")),
    "number_unknown": (one({"number": "7654321", "phones": "102"}), (3, "number", "number.unknown")),
    "head_unknown": (one({**GOOD, "head_number": "7654321"}), (3, "head_number", "head.unknown")),
    "areas_of_another_kind": (
        one({**SERVICE, "area_kind": "oblast", "areas": "UA53080130000079450"}),
        (3, "areas", "areas.mixed"),
    ),
}
ROWS = {
    "coordinates_swapped": (
        one({**PLACE, "latitude": "34.53", "longitude": "49.82"}),
        [(3, "latitude", "coordinates.swapped"), (3, "longitude", "coordinates.swapped")],
    ),
    "duplicate_service": (csv_bytes([SERVICE, OTHER, SERVICE]), [(4, "service", "row.duplicate")]),
    "duplicate_provider": (csv_bytes([GOOD, GOOD]), [(3, "edrpou", "row.duplicate")]),
    "contradiction": (
        csv_bytes([GOOD, OTHER, {**GOOD, "name": "Зовсім інша назва", "service": "shelter"}]),
        [(4, "name", "row.contradiction")],
    ),
    "contradicting_capacity": (
        csv_bytes(
            [
                {**SERVICE, **PLACE, "capacity": "10", "capacity_on": "01.11.2026"},
                {**SERVICE, "hromada": "Полтавська", "capacity": "11", "capacity_on": "01.11.2026"},
            ]
        ),
        [(3, "capacity", "row.contradiction")],
    ),
    "several_in_one_row": (
        one({**GOOD, "edrpou": "1", "source_on": "ніколи", "emails": "x"}),
        [(3, "edrpou", "edrpou.length"), (3, "source_on", "date.form"), (3, "emails", "email")],
    ),
    "ragged_long": (b"edrpou,name\n22591616,A\n43970360,B,C\n", [(3, "", "row.ragged")]),
    "ragged_short": (b"edrpou,name,about\n22591616,A,\n43970360\n", [(3, "", "row.ragged")]),
    "one_broken_letter": (
        csv_bytes([OTHER, GOOD, {**OTHER, "service": "home-care"}]).replace("«Центр".encode(), b"\xff\xfe"),
        [(3, "name", "cell.encoding")],
    ),
    "cyrillic_header": (
        csv_bytes([{"ЄДРПОУ": "43970361", "Назва": "Центр"}]),
        [(2, "ЄДРПОУ", "edrpou.check_digit")],
    ),
}
FILES = {
    "header_unknown": (
        "a.csv",
        csv_bytes([{**GOOD, "улюблений колір": "синій"}]),
        (1, "улюблений колір", "header.unknown"),
    ),
    "header_missing": ("a.csv", csv_bytes([{"name": "Центр"}]), (1, "edrpou", "header.missing")),
    "header_twice": ("a.csv", b"edrpou,name,Name\n43970360,A,B\n", (1, "Name", "header.twice")),
    "header_twice_in_meaning": ("a.csv", "edrpou,ЄДРПОУ\n43970360,43970360\n".encode(), (1, "ЄДРПОУ", "header.twice")),
    "header_empty": ("a.csv", b"edrpou,,name\n43970360,,A\n", (1, "", "header.empty")),
    "utf_16": ("a.csv", csv_bytes([GOOD], encoding="utf-16"), (None, "", "file.encoding")),
    "utf_16_without_mark": ("a.csv", csv_bytes([GOOD], encoding="utf-16-le"), (None, "", "file.encoding")),
    "koi8": (
        "a.csv",
        csv_bytes([{"edrpou": "43970360", "name": "Центр надання послуг"}], encoding="koi8-u"),
        (None, "", "file.encoding"),
    ),
    "garbage": ("a.csv", b"edrpou,name\n" + bytes(range(128, 256)) * 40, (None, "", "file.encoding")),
    "empty": ("a.csv", b"", (None, "", "file.empty")),
    "only_spaces": ("a.csv", b"\xef\xbb\xbf  \n\n", (None, "", "file.empty")),
    "only_header": ("a.csv", b"edrpou,name\n", (None, "", "file.no_rows")),
    "pdf_as_xlsx": ("a.xlsx", b"%PDF-1.7\n%\xe2\xe3\n" + b"x" * 500, (None, "", "file.not_table")),
    "xlsx_as_csv": ("a.csv", xlsx_bytes([GOOD]), (None, "", "file.not_text")),
    "csv_as_xlsx": ("a.xlsx", csv_bytes([GOOD]), (None, "", "file.not_table")),
    "old_excel": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, (None, "", "file.not_table")),
    "damaged_xlsx": ("a.xlsx", xlsx_bytes([GOOD])[:-300], (None, "", "file.not_table")),
    "zip_bomb": ("a.xlsx", zip_bomb(), (None, "", "file.bomb")),
    "lying_bomb": ("a.xlsx", lying_bomb(), (None, "", "file.not_table")),
    "unclosed_quote": ("a.csv", b'edrpou,name\n43970360,"A\n' + b"x\n" * 9_000_000, (2, "", "row.unreadable")),
    "formula_in_xlsx": ("a.xlsx", xlsx_bytes([OTHER, {**GOOD, "name": "=1+1"}]), (3, "name", "cell.formula")),
    "number_in_xlsx": (
        "a.xlsx",
        xlsx_bytes([OTHER, {**GOOD, "service": "home-care", "price": -5.5, "price_unit": "visit"}]),
        (3, "price", "money.negative"),
    ),
}
