"""Composants de page (balises)."""

from django import template

register = template.Library()
