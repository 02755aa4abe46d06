"""What the pages of a call are sent, in their own words."""

from datetime import datetime

from django.utils import timezone

from portal.kernel.calendar import KYIV
from tests.factories.procurement import timetable

CALLS = "/cabinet/commissioning/competitions/"


def url(competition, path: str = "") -> str:
    return f"{CALLS}{competition.pk}/{path}"


def post(office, competition, path, values):
    return office.client.post(url(competition, path), values)


def dates(**changes) -> dict:
    """What the page of the timetable sends, in its own words."""
    typed = {}
    for point, value in {**timetable(timezone.now()), **changes}.items():
        is_moment = isinstance(value, datetime)
        typed[point] = value.astimezone(KYIV).strftime("%Y-%m-%dT%H:%M") if is_moment else value and value.isoformat()
    return {point: value for point, value in typed.items() if value}


def lots(*rows, total: int | None = None, **more) -> dict:
    sent = {"lot-TOTAL_FORMS": total or len(rows), "lot-INITIAL_FORMS": 0, **more}
    for number, row in enumerate(rows):
        sent |= {f"lot-{number}-{name}": value for name, value in row.items()}
    return sent
