"""How values are written, and how releases are merged."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.site.opendata.ocds.merging import compiled, merge
from portal.site.opendata.ocds.values import moment, number, number_of, ocid_of, period, release_id, stamp


@pytest.mark.parametrize("text", ["0.1", "59616.25", "999999999999.99", "0.01", "-1500.55", "100", "1171574.30"])
def test_money_is_written_with_its_own_digits(text):
    written = json.dumps(number(Decimal(text)))

    assert Decimal(written) == Decimal(text)
    assert len(written) <= len(text)


def test_number_longer_than_json_keeps_is_refused():
    with pytest.raises(ValueError, match="digits"):
        number(Decimal("1234567890123456.78"))


def test_day_reads_as_the_same_day_in_kyiv():
    assert moment(date(2027, 7, 1)) == "2027-07-01T00:00:00+03:00"
    assert moment(datetime(2027, 1, 1, 22, 30, tzinfo=UTC)) == "2027-01-02T00:30:00+02:00"
    assert moment(None) is None
    assert period(date(2027, 3, 1), date(2027, 12, 31)) == {
        "startDate": "2027-03-01T00:00:00+02:00",
        "endDate": "2027-12-31T23:59:59+02:00",
    }


def test_releases_are_dated_in_utc_so_that_texts_sort():
    at = datetime(2027, 7, 1, 9, 30, 15, 999, tzinfo=UTC)

    assert stamp(at) == "2027-07-01T09:30:15Z"
    assert release_id("ocds-poruch-1", at) == "ocds-poruch-1-20270701T093015Z"


def test_number_is_read_back_from_an_identifier_of_ours_alone():
    assert number_of(ocid_of("2027-00001")) == "2027-00001"
    assert number_of("ocds-213czf-2027-00001") == ""
    assert number_of("x-ocds-poruch-1") == ""


def test_lists_are_merged_by_identifier_and_null_takes_away():
    told = {"awards": [{"id": "1", "status": "pending", "value": {"amount": 5}}], "roles": ["a"], "tender": {"x": 1}}

    merge(told, {"awards": [{"id": "2"}, {"id": "1", "status": "active"}], "roles": ["b"], "tender": {"x": None}})

    assert told == {
        "awards": [{"id": "1", "status": "active", "value": {"amount": 5}}, {"id": "2"}],
        "roles": ["b"],
        "tender": {},
    }


def test_compiled_release_does_not_change_the_releases():
    history = [
        {"ocid": "o", "id": "1", "date": "2027-01-01T00:00:00Z", "tag": ["tender"], "tender": {"lots": [{"id": "1"}]}},
        {
            "ocid": "o",
            "id": "2",
            "date": "2027-01-02T00:00:00Z",
            "tag": ["award"],
            "tender": {"lots": [{"id": "1", "status": "complete"}]},
        },
    ]
    before = json.dumps(history)

    told = compiled(history)

    assert json.dumps(history) == before
    assert told == {
        "ocid": "o",
        "id": "o-2027-01-02T00:00:00Z",
        "date": "2027-01-02T00:00:00Z",
        "tag": ["compiled"],
        "tender": {"lots": [{"id": "1", "status": "complete"}]},
    }
