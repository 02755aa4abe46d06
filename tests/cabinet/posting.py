"""What the pages of a draft send: by the button, by the script, and from another screen."""

import json
from html import unescape

from registry.domain.drafts import save_draft
from tests.factories.applications import NOW


def page_of(response) -> str:
    return unescape(response.content.decode())


def base_of(response) -> str:
    """Return what the page says its fields began with, as its form hands it back."""
    return response.context["sheet"].base_json


def post(cabinet, path, fields, *, client=None, opened=None):
    """Send the page's form as a browser without scripts does, with every field of the page."""
    client = client or cabinet.client
    opened = opened or client.get(cabinet.url(path))
    sheet = opened.context["sheet"]
    data = {"version": sheet.version, "base": base_of(opened)}
    for form in sheet.forms:
        for bound in form:
            value = bound.value()
            if bound.field.kind == "hours":
                for widget in bound.subwidgets[0].data["subwidgets"]:
                    data[widget["name"]] = widget["value"] or ""
            elif bound.field.kind == "place":
                data[bound.html_name] = bound.field.prepare_value(value) or ""
            elif value is None and bound.field.kind == "group":
                continue
            elif bound.field.kind != "flag" or value:
                data[bound.html_name] = "" if value is None else value
    return client.post(cabinet.url(path), {**data, **fields})


def autosave(cabinet, fields, *, version, client=None):
    sent = {"base_version": version, "fields": fields, "here": cabinet.url("organisation/")}
    return (client or cabinet.client).post(cabinet.url("save/"), json.dumps(sent), content_type="application/json")


def write(cabinet, patch, user=None):
    """Save as somebody else at another screen."""
    cabinet.draft.refresh_from_db()
    return save_draft(
        application_id=cabinet.draft.pk,
        user=user or cabinet.colleague_user,
        base_version=cabinet.draft.version,
        patch=patch,
        now=NOW,
    )
