"""The catalogue of services: what each is in plain words, who gives it and where."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from registry.models import ServiceType
from registry.queries.catalogue import basic_rows, catalogue, in_words, prices_of, providers_by_oblast, providers_of
from registry.queries.index import register_index
from registry.queries.rows import rows_of
from registry.views.caching import public_page
from registry.views.paging import Pages, page_number


@public_page
def service_list(request: HttpRequest) -> HttpResponse:
    register_index.refresh()
    basic, others = catalogue(timezone.localdate())
    verified = all(line.basic.verified for line in basic if line.basic)
    return render(request, "registry/service_list.html", {"basic": basic, "others": others, "verified": verified})


@public_page
def service_type(request: HttpRequest, slug: str) -> HttpResponse:
    register_index.refresh()
    kind = get_object_or_404(ServiceType.objects.prefetch_related("delivery_forms", "groups"), slug=slug)
    providers = providers_of(kind)
    oblasts = providers_by_oblast(providers)
    pages = Pages(
        len(providers),
        page_number(request.GET.get("page", "")),
        settings.REGISTER_PAGE_SIZE,
        lambda page: urlencode({"page": page}),
    )
    context = {
        "kind": kind,
        "basic": basic_rows(timezone.localdate()).get(kind.pk),
        "total": len(providers),
        "oblasts": oblasts,
        "most": max((line.providers for line in oblasts), default=0),
        "nowhere": [line for line in oblasts if not line.providers],
        "prices": [in_words(line) for line in prices_of(kind)],
        "pages": pages,
        "rows": rows_of(
            register_index.in_name_order(providers, pages.start, pages.stop), today=timezone.localdate(), about=kind.pk
        ),
    }
    return render(request, "registry/service_type.html", context)
