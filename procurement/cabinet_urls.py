"""Addresses of a bidder's proposals, below `/cabinet/proposals/`."""

from django.urls import URLPattern

app_name = "proposals"

urlpatterns: list[URLPattern] = []
