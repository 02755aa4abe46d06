"""Steps at the desk as the tests of this folder take them."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from registry.models import Application


def url(name, application, *args) -> str:
    return reverse(f"desk_applications:{name}", args=[application.pk, *args])


def fresh(application) -> Application:
    return Application.objects.get(pk=application.pk)


def take(desk, application, role="registrar"):
    return desk.clients[role].post(url("take", application))


def judge(desk, application, result="met", role="registrar", note=""):
    """Judge every criterion of every service alike."""
    client = desk.clients[role]
    for block in client.get(url("application", application)).context["checklist"]:
        typed = {}
        for row in block.rows:
            typed[f"c{row.criterion.pk}-result"] = result
            typed[f"c{row.criterion.pk}-note"] = note
        assert client.post(url("checks", application, block.key), typed).status_code == 302


def propose(desk, application, outcome="include", role="registrar", **typed):
    return desk.clients[role].post(url("propose", application), {"outcome": outcome, "reason": "", **typed})


def proposed(desk, application, outcome="include", **typed) -> None:
    take(desk, application)
    judge(desk, application)
    assert propose(desk, application, outcome, **typed).status_code == 302


def due_cell(response, application) -> str:
    context = {"application": application, "today": timezone.localdate()}
    application.refresh_from_db()
    text = render_to_string("desk/_application_due.html", context)
    assert text.strip() in response.content.decode()
    return text


# who
