"""Adresses de l’installation."""

from django.urls import URLPattern

app_name = "espaces"
urlpatterns: list[URLPattern] = []
