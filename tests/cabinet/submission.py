"""Sending what was checked, and reading the page that answers."""

from html import unescape


def page_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


def submit(cabinet, *, client=None, opened=None, **data):
    client = client or cabinet.client
    opened = opened or client.get(cabinet.url("check/"))
    told = {"version": opened.context["application"].version, "key": str(opened.context["key"])}
    return client.post(cabinet.url("submit/"), {**told, **data})
