from django.urls import path, re_path

from socle.fondations.commun import views

app_name = "commun"
urlpatterns = [
    path("sante/", views.sante, name="sante"),
    re_path(
        r"^theme/(?P<couleur>[0-9a-f]{6})-(?P<empreinte>[0-9a-f]{8})\.css$",
        views.theme,
        name="theme",
    ),
    path("composants/", views.composants, name="composants"),
    path("composants/agents/", views.composants_agents, name="composants_agents"),
    path("accessibilite/", views.page, {"gabarit": "accessibilite"}, name="accessibilite"),
    path("aide/", views.page, {"gabarit": "aide"}, name="aide"),
    path(
        "donnees-personnelles/",
        views.page,
        {"gabarit": "donnees_personnelles"},
        name="donnees_personnelles",
    ),
    path("mentions-legales/", views.page, {"gabarit": "mentions_legales"}, name="mentions_legales"),
    path("plan-du-site/", views.page, {"gabarit": "plan_du_site"}, name="plan_du_site"),
]
