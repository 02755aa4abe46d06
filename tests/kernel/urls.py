"""The kernel's addresses alone, so that its tests need no site around them."""

from django.urls import include, path

urlpatterns = [path("", include("portal.kernel.urls"))]
