from django.urls import path

from socle.fondations.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/", views.deposer, name="deposer"),
    path("documents/<uuid:identifiant>/", views.telecharger, name="telecharger"),
]
