"""Addresses of those who evaluate quality, below `/cabinet/quality/`."""

from django.urls import URLPattern, path

from procurement.views.quality import desk, surveying, work

app_name = "quality"

urlpatterns: list[URLPattern] = [
    path("", desk.home, name="home"),
    path("new/", desk.new, name="new"),
    path("<int:pk>/", work.evaluation, name="evaluation"),
    path("<int:pk>/about/", work.about, name="about"),
    path("<int:pk>/group/", work.group, name="group"),
    path("<int:pk>/ratings/", work.ratings, name="ratings"),
    path("<int:pk>/ratings/<slug:code>/", work.rating, name="rating"),
    path("<int:pk>/survey/", surveying.survey, name="survey"),
    path("<int:pk>/survey/close/", surveying.close, name="survey_close"),
    path("<int:pk>/survey/codes/", surveying.codes, name="codes"),
    path("<int:pk>/survey/form.pdf", surveying.paper_form, name="survey_form"),
    path("<int:pk>/survey/paper/", surveying.paper, name="paper"),
    path("<int:pk>/publish/", work.publish, name="publish"),
    path("<int:pk>/abandon/", work.abandon, name="abandon"),
    path("<int:pk>/reply/", desk.reply, name="reply"),
]
