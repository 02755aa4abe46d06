"""Addresses of a member of a commission, below `/cabinet/commission/`."""

from django.urls import URLPattern, path

from procurement.views.commission import home, interests, invitations, reading, recusing, saving, sheets, together

app_name = "commission"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("interests/", interests.interests, name="interests"),
    path("interests/<int:key>/take-back/", interests.take_back, name="interest_take_back"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("competitions/<int:pk>/", home.competition, name="competition"),
    path("competitions/<int:pk>/declaration/", reading.declaration, name="declare"),
    path("competitions/<int:pk>/proposals/<int:number>/", reading.proposal, name="proposal"),
    path("competitions/<int:pk>/proposals/<int:number>/<uuid:file>/", reading.file, name="file"),
    path("competitions/<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("competitions/<int:pk>/sheet/<int:lot>/<int:number>/", sheets.score, name="score"),
    path("competitions/<int:pk>/sheet/save/", saving.autosave, name="save"),
    path("competitions/<int:pk>/sheet/conflicts/", saving.conflicts, name="conflicts"),
    path("competitions/<int:pk>/sheet/file/", sheets.file, name="file_sheet"),
    path("competitions/<int:pk>/recusals/", recusing.recusals, name="recusals"),
    path("competitions/<int:pk>/recusals/raise/", recusing.raise_one, name="recusal_raise"),
    path("competitions/<int:pk>/recusals/<int:key>/", recusing.recusal, name="recusal"),
    path("competitions/<int:pk>/scores/", together.scores, name="scores"),
    path("competitions/<int:pk>/minutes/", together.minutes, name="minutes"),
    path("competitions/<int:pk>/minutes.pdf", together.minutes_paper, name="minutes_pdf"),
]
