"""Adresses de l’installation."""

from django.urls import URLPattern

app_name = "echeancier"
urlpatterns: list[URLPattern] = []
