"""The kernel's addresses alone, so that its tests need no site around them."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [path("", include("portal.kernel.urls"))]


def handler404(request, exception):
    return HttpResponse("not found", status=404)
