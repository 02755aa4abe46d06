"""Addresses of those who evaluate quality, below `/cabinet/quality/`."""

from django.urls import URLPattern

app_name = "quality"

urlpatterns: list[URLPattern] = []
