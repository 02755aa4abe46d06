"""What a page of a proposal would send, read from the page itself."""

import re


def hidden(page, name: str) -> str:
    """Return what a hidden field of the page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    return found.group(1).replace("&quot;", '"') if found else ""


def section(bidder, code: str, client=None):
    return (client or bidder.client).get(bidder.url(f"section/{code}/"))


def post_section(bidder, code: str, values: dict, *, page=None, client=None):
    """Send the answers as the page that was opened would."""
    page = page or section(bidder, code, client)
    told = {"version": hidden(page, "version"), "base": hidden(page, "base")}
    return (client or bidder.client).post(bidder.url(f"section/{code}/"), {**told, **values})
