"""Addresses of the official who orders services, below `/cabinet/commissioning/`."""

from django.urls import URLPattern

app_name = "commissioning"

urlpatterns: list[URLPattern] = []
