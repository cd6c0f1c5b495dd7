from django.urls import path

from socle.metiers.archivage import views

app_name = "archivage"
urlpatterns = [
    path("agent/reglages/archivage/", views.reglages, name="reglages"),
    path("agent/archives/", views.liste, name="liste"),
    path("agent/archives/<str:reference>/", views.versement, name="versement"),
    path("agent/archives/<str:reference>/transmettre/", views.transmettre, name="transmettre"),
    path("agent/archives/<str:reference>/joindre/", views.joindre, name="joindre"),
    path("agent/archives/<str:reference>/repondre/", views.repondre, name="repondre"),
    path("agent/archives/<str:reference>/retirer/", views.retirer, name="retirer"),
    path("agent/archives/<str:reference>/refaire/", views.refaire, name="refaire"),
]
