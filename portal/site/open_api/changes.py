"""The feed of public changes for programs."""

from __future__ import annotations

from typing import Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from portal.kernel.programs import Problem, problem
from portal.site.open_api.answering import as_json
from portal.site.open_api.shapes import Agreement, Call, Provider, ServiceOf, Unit
from portal.site.opendata.feed import catch_up
from portal.site.opendata.objects import KINDS
from portal.site.opendata.reading import LONGEST_PAGE, CursorUnknown, changes_after

router: Final = Router(tags=["changes"])
_Kind = Literal[tuple(KINDS)]  # type: ignore[valid-type]
_Object = Unit | Provider | ServiceOf | Call | Agreement


class ChangesWanted(Schema):
    cursor: str = Field("", max_length=40, description="`next` of the page before; none: the feed is read from zero")
    limit: int = Field(100, ge=1, le=LONGEST_PAGE, description="how many changes at most")
    kind: list[_Kind] = Field([], description="kinds of objects; all where none is named")


class Change(Schema):
    """`object` is the object as it is public now; null with `removed`, when it is public no more."""

    position: int
    kind: _Kind
    id: str
    at: str = Field(..., json_schema_extra={"format": "date-time"})
    removed: bool
    object: _Object | None


class Changes(Schema):
    """`next` is the cursor to go on with, `watermark` that of the last change there is, `more` whether to go on now."""

    changes: list[Change]
    next: str
    watermark: str
    more: bool


@router.get(
    "changes",
    response={200: Changes, 410: Problem, 422: Problem},
    summary="Follow what changes",
    url_name="changes",
)
def changes(request: HttpRequest, wanted: Query[ChangesWanted]) -> HttpResponse:
    """Read changes of public objects after a cursor, in their order; repeated reading loses none."""
    del request
    now = timezone.now()
    catch_up(now)
    try:
        page = changes_after(wanted.cursor, limit=wanted.limit, now=now, kinds=wanted.kind)
    except CursorUnknown:
        return problem(410, "The cursor is not one of this feed: begin without one.", reason="cursor_unknown")
    told: dict[str, Any] = {
        "changes": page.changes,
        "next": page.next,
        "watermark": page.watermark,
        "more": page.more,
    }
    return as_json(told)
