from django.urls import path

from portal.kernel import views

app_name = "kernel"
urlpatterns = [
    path("verify/", views.verify_form, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
    path("files/<uuid:pk>/", views.stored_document, name="file"),
]
