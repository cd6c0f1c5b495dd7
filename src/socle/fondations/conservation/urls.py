from django.urls import path

from socle.fondations.conservation import views

app_name = "conservation"
urlpatterns = [
    path("agent/reglages/conservation/", views.liste, name="liste"),
    path("agent/reglages/conservation/nouvelle/", views.nouvelle, name="nouvelle"),
    path("agent/reglages/conservation/proposees/", views.proposees, name="proposees"),
    path("agent/reglages/conservation/<int:pk>/", views.regle, name="regle"),
]
