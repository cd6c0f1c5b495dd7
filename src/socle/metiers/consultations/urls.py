"""Adresses de l’installation : pages publiques, espace de réponse, pages de l’équipe."""

from django.urls import URLPattern

app_name = "consultations"
# Grilles, jurys et résultats.
urls_evaluation: list[URLPattern] = []
urlpatterns: list[URLPattern] = [*urls_evaluation]
