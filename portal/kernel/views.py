from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel.documents import may_read
from portal.kernel.models import StoredDocument, VerificationCode
from portal.kernel.verification import kind_label, normalise, present_of


@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("code", "").strip()
    if code := normalise(typed):
        return redirect("kernel:verify_code", code)
    return render(request, "kernel/verify.html", {"typed": typed, "unknown": bool(typed)}, status=404 if typed else 200)


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the portal knows of a printed code; an unknown one gets the form again, with what was typed."""
    found = VerificationCode.objects.select_related("superseded_by").filter(code=normalise(code) or "").first()
    if found is None:
        return render(request, "kernel/verify.html", {"typed": code, "unknown": True}, status=404)
    context = {"found": found, "kind": kind_label(found.kind), "present": present_of(found)}
    return render(request, "kernel/verify.html", context)


@require_safe
def stored_document(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Hand out a file to its readers; to others it does not exist, and no browser opens it as a page of this site."""
    document = get_object_or_404(StoredDocument, pk=pk)
    if not may_read(document, request.user):
        raise Http404
    try:
        content = document.path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=document.name, content_type=document.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
