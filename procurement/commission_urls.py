"""Addresses of a member of a commission, below `/cabinet/commission/`."""

app_name = "commission"

urlpatterns: list[object] = []
