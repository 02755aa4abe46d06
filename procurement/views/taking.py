"""How a page takes a step: done and said, or refused in words with everything typed kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from portal.kernel.document_types import DocumentRefused
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.gaps import NotReady
from procurement.interfaces.call_tasks import add_gaps


def taken(request: HttpRequest, step: Callable[[], Any], said: str | Promise = "", form: Any = None) -> bool:
    """Take the step; a refusal stands above the fields of the form, without a form with the messages of the next page.

    What is missing, and a file that is not taken, stand beside their fields.
    """
    try:
        step()
    except NotReady as refusal:
        if form is None:
            raise
        add_gaps(form, refusal.gaps)
        return False
    except (StepRefused, DocumentRefused) as refusal:
        if form is None:
            messages.error(request, str(refusal.reason))
        else:
            is_of_file = isinstance(refusal, DocumentRefused) and "file" in form.fields
            form.add_error("file" if is_of_file else None, str(refusal.reason))
        return False
    if said:
        messages.success(request, str(said))
    return True
