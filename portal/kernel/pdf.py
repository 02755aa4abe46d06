"""PDF documents from templates, with the code that verifies them at the foot of every page."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal.kernel.models.verification import VerificationCode
from portal.kernel.verification import qr_svg, verification_url

# for archives, and for readers who listen; a file declares one of them, and both are tagged
ARCHIVE, ACCESSIBLE = "pdf/a-3a", "pdf/ua-1"


def render_pdf(template: str, context: Mapping[str, Any], *, title: str, code: str, variant: str = ARCHIVE) -> bytes:
    """Render a template that extends `kernel/document.html`; equal input gives equal bytes.

    WeasyPrint takes seconds to import, so nothing pays for it but the first document. It may fetch nothing: a document
    is made of its template alone. A draft has no code yet, and nothing to verify it by.
    """
    import weasyprint  # noqa: PLC0415

    url = verification_url(code) if code else ""
    html = render_to_string(
        template,
        {
            **context,
            "title": title,
            "code": VerificationCode(code=code).grouped if code else "",
            "verification_url": url,
            "qr": mark_safe(qr_svg(url)) if url else "",
        },
    )
    nothing = weasyprint.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=html, base_url=settings.PORTAL_BASE_URL, url_fetcher=nothing)
    return document.write_pdf(pdf_variant=variant, pdf_identifier=(code or title).encode(), pdf_tags=True) or b""
