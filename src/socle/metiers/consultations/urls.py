"""Adresses de l’installation : pages publiques, espace de réponse, pages de l’équipe."""

from django.urls import URLPattern

app_name = "consultations"
urlpatterns: list[URLPattern] = []
