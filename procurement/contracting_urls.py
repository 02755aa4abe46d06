"""Addresses of the official who follows contracts, below `/cabinet/contracting/`."""

from django.urls import URLPattern

app_name = "contracting"

urlpatterns: list[URLPattern] = []
