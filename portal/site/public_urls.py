"""Public addresses of the portal that belong to no single app."""

from django.urls import URLPattern, path

from portal.site import views

app_name = "site"

urlpatterns: list[URLPattern] = [
    path("accessibility/", views.accessibility, name="accessibility"),
]
