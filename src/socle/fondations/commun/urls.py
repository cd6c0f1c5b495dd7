from django.urls import path

from socle.fondations.commun import views

app_name = "commun"
urlpatterns = [
    path("sante/", views.sante, name="sante"),
]
