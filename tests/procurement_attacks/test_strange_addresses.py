"""Hostile parameters and addresses of everybody's pages, of the program's way in and of the bidder's pages."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.procurement import make_published
from tests.procurement_attacks.test_strange_input import STRANGE

pytestmark = pytest.mark.django_db
PARAMETERS = ["q", "phase", "service", "group", "procedure", "oblast", "hromada", "sum_from", "sum_to", "sort", "page"]
PARAMETERS += ["year", "state", "missed", "lang"]
LISTS = ["/competitions/", "/competitions/feed.atom", "/competitions/calendar.ics", "/orders/", "/alerts/"]
LISTS += ["/api/v1/competitions", "/api/v1/orders"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_survive_every_parameter(path):
    make_published(now=timezone.now())
    for value in STRANGE.values():
        answer = Client().get(path, dict.fromkeys(PARAMETERS, [value[:2000]] * 2))
        assert answer.status_code < 500, value


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_no_address_breaks(value, bidder):
    part = value[:300].replace("/", "")
    for start, end in [
        ("/competitions/", "/"),
        ("/competitions/", "/notice.pdf"),
        ("/competitions/", "/calendar.ics"),
        ("/competitions/", "/ask/"),
        ("/competitions/", "/versions/1/"),
        (f"/competitions/{bidder.competition.number}/versions/", "/"),
        ("/orders/", "/"),
        ("/alerts/confirm/", "/"),
        ("/alerts/stop/", "/"),
        ("/api/v1/competitions/", ""),
        ("/cabinet/proposals/start/", "/"),
        ("/cabinet/proposals/invitations/", "/"),
        (bidder.url("section/"), "/"),
        (bidder.url("receipts/"), "/"),
    ]:
        answer = bidder.client.get(start + part + end)
        assert answer.status_code < 500, start


BODIES = {
    "deep": "[" * 100_000,
    "deep object": '{"a":' * 50_000,
    "surrogate": json.dumps({"fields": {"service/content": {"service/content": ["\ud800"]}, "\udfff": {}}}),
    "numbers": '{"base_version": 1e999, "fields": {"service/content": 1e999}}',
    "nan": '{"base_version": NaN, "fields": {"service/content": {"service/content": [NaN]}}}',
    "nulls": '{"base_version": null, "here": {}, "fields": {"service/content": null, "offer/lots/1/tariff": [[]]}}',
    "digits": '{"base_version": ' + "9" * 4000 + ', "fields": {}}',
    "too many digits": '{"base_version": ' + "9" * 5000 + ', "fields": {}}',
    "list": "[]",
    "bytes": b"\xff\xfe\x00",
    "controls": json.dumps({"fields": {"service/content": {"service/content": ["a\x00b\x08"]}}}),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_autosave_answers_whatever_comes(bidder, body):
    answer = bidder.client.post(bidder.url("save/"), body, content_type="application/json")

    assert answer.status_code < 500
    assert bidder.client.get(bidder.url()).status_code == 200


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_bidders_buttons_survive(full, value):
    short = value[:3000]

    for path, names in {
        "submit/": ["version", "key", "announcement"],
        "confirm/": ["key", "announcement"],
        "announcement/": ["announcement"],
        "partners/": ["code"],
        "conflicts/": ["version", "next", "choice"],
        "section/service/": ["version", "base", "drop", "service/content", "service/from"],
        "section/offer/": [
            "version",
            "base",
            "offer/lots/1/tariff",
            "offer/lots/1/volume",
            f"offer/lots/{short[:40]}/x",
        ],
    }.items():
        answer = full.client.post(full.url(path), dict.fromkeys(names, short))
        assert answer.status_code < 500, path
