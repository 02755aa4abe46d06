"""Every address of the portal. Ukrainian stands at the root, English under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.accounts.views.security import desk_login
from portal.site import cabinet, crawlers, pictures, views
from portal.site.api import urls as api_urls
from portal.site.hsds_api import urls as hsds_urls
from portal.site.together import widget_views

handler400 = "portal.site.views.bad_request"
handler403 = "portal.site.views.forbidden"
handler404 = "portal.site.views.not_found"
handler500 = "portal.site.views.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", crawlers.icon, name="icon"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", crawlers.sitemap_section, name="sitemap_section"),
    path("widget.js", widget_views.script, name="widget_script"),
    path("admin/login/", desk_login),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/images/<path:path>", pictures.picture, name="picture"),
    path("api/v1/", api_urls),
    path("api/hsds/", hsds_urls),
]

urlpatterns += i18n_patterns(
    path("", include("portal.kernel.urls")),
    path("account/", include("portal.accounts.entrance_urls")),
    path("cabinet/", cabinet.home, name="cabinet"),
    path("cabinet/", include("portal.accounts.urls")),
    path("cabinet/proposals/", include("procurement.cabinet_urls")),
    path("cabinet/commissioning/", include("procurement.commissioning_urls")),
    path("cabinet/commission/", include("procurement.commission_urls")),
    path("cabinet/contracting/", include("procurement.contracting_urls")),
    path("cabinet/contracts/", include("procurement.contractor_urls")),
    path("cabinet/quality/", include("procurement.quality_urls")),
    path("cabinet/", include("registry.cabinet_urls")),
    path("", include("portal.site.public_urls")),
    path("", include("search.urls")),
    path("", include("procurement.urls")),
    path("", include("registry.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
