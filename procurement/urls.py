"""Public addresses of the social order and of competitions."""

from django.urls import URLPattern

app_name = "procurement"

urlpatterns: list[URLPattern] = []
