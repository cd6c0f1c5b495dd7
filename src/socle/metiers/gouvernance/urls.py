"""Adresses de l’installation."""

from django.urls import URLPattern

app_name = "gouvernance"
urlpatterns: list[URLPattern] = []
