"""The webhooks of the cabinet: registered, tried, switched on again, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.site.models import Webhook
from portal.site.webhooks import delivering, registering
from portal.site.webhooks.forms import KIND_LABELS, WebhookForm
from registry.views.cabinet.access import cabinet_page, signed_in

DELIVERIES = 20


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """List the webhooks of the person's organisations and hromadas, and register another one."""
    user, now = signed_in(request), timezone.now()
    owners = registering.owners_of(user, now)
    form = WebhookForm(request.POST or None, owners=owners)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        hook, secret = registering.register(
            user=user, owner=told["owner"], url=told["url"], kinds=told["kinds"], now=now
        )
        return render(request, "webhooks/registered.html", {"hook": hook, "secret": secret})
    hooks = [_shown(hook) for hook in registering.webhooks_of(user, now)]
    return render(request, "webhooks/list.html", {"hooks": hooks, "form": form, "owners": owners})


@cabinet_page
@require_safe
def single(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one webhook with its last deliveries."""
    hook = _own(request, pk)
    deliveries = hook.deliveries.all()[:DELIVERIES]
    return render(request, "webhooks/webhook.html", {"shown": _shown(hook), "deliveries": deliveries})


@cabinet_page
@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """Try, switch on or remove a webhook."""
    hook = _own(request, pk)
    if step == "test":
        _tell(request, delivering.test_delivery(hook, timezone.now()).error)
    elif step == "switch-on":
        registering.switch_on(hook)
        messages.success(request, _("The webhook works again and is told what it has missed."))
    elif step == "remove":
        hook.delete()
        messages.success(request, _("The webhook is removed."))
        return redirect("site:webhooks")
    else:
        raise Http404
    return redirect("site:webhook", pk=pk)


def _own(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(registering.webhooks_of(signed_in(request), timezone.now()), pk=pk)


def _shown(hook: Webhook) -> dict[str, Any]:
    owner = hook.organisation or (hook.hromada.label if hook.hromada else "")
    return {
        "hook": hook,
        "owner": str(owner),
        "kinds": [KIND_LABELS[kind] for kind in hook.kinds if kind in KIND_LABELS],
    }


def _tell(request: HttpRequest, error: str) -> None:
    if error:
        messages.error(request, _("The test did not arrive: %(error)s") % {"error": error})
    else:
        messages.success(request, _("The test has arrived."))
