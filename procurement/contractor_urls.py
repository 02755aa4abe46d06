"""Addresses of a provider's contracts, below `/cabinet/contracts/`."""

from django.urls import URLPattern

app_name = "contractor"

urlpatterns: list[URLPattern] = []
