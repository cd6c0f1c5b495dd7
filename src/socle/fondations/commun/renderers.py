"""Rendu des formulaires."""

from django.forms.renderers import TemplatesSetting


class RenduSocle(TemplatesSetting):
    """Rendu unique des formulaires."""
