"""Rendu unique des formulaires : nos gabarits, nos classes, et l’accessibilité de Django.

Tout formulaire écrit `{{ form }}` ou `{{ form.champ.as_field_group }}` ; rien d’autre ne dessine un
champ. Réglage : `FORM_RENDERER`.

Source : RGAA 4.1.2, thème 11 (critères 11.1 à 11.13).
"""

from functools import cache
from typing import Any

from django.forms import (
    BoundField,
    CheckboxInput,
    FileInput,
    Form,
    MultiWidget,
    Select,
    Widget,
)
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import ChoiceWidget
from django.utils.safestring import SafeString


class ChampSocle(BoundField):
    """Champ habillé ; `aria-describedby` et `aria-invalid` viennent de Django.

    Un formulaire qui recueille les données de la personne elle-même déclare `remplissage`, un
    dictionnaire de champ vers jeton HTML (`{"courriel": "email"}`) : critère RGAA 11.13.
    """

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        controle = widget or self.field.widget
        if controle.is_hidden:
            return attrs
        voulue = attrs.get("class") or controle.attrs.get("class") or ""
        if classe := f"{self._classe(controle)} {voulue}".strip():
            attrs["class"] = classe
        if jeton := getattr(self.form, "remplissage", {}).get(self.name):
            attrs.setdefault("autocomplete", jeton)
        return attrs

    def _classe(self, controle: Widget) -> str:
        if isinstance(controle, FileInput):
            return ""
        classe = "form-control"
        if isinstance(controle, Select):
            classe = "form-select"
        elif isinstance(controle, CheckboxInput | ChoiceWidget):
            classe = "form-check-input"
        return f"{classe} is-invalid" if self.errors else classe

    @property
    def is_case(self) -> bool:
        """Vrai pour une case à cocher seule : son libellé vient après elle."""
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def is_fichier(self) -> bool:
        """Vrai pour un dépôt de fichier."""
        return isinstance(self.field.widget, FileInput)

    @property
    def is_liste_de_choix(self) -> bool:
        """Vrai pour des boutons radio ou des cases à cocher."""
        widget = self.field.widget
        return isinstance(widget, ChoiceWidget) and not isinstance(widget, Select)

    @property
    def libelle_erreur(self) -> str:
        """Libellé placé devant l’erreur : « Téléphone : », ou la question telle quelle."""
        libelle = str(self.label).strip()
        return libelle if libelle.endswith(("?", ":", ".")) else f"{libelle} :"

    @property
    def id_premier(self) -> str:
        """Identifiant du premier contrôle : là où mène le lien du résumé des erreurs."""
        if self.is_liste_de_choix or isinstance(self.field.widget, MultiWidget):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id


class RenduSocle(TemplatesSetting):
    """Moteur de rendu des formulaires de Socle."""

    form_template_name = "formulaires/formulaire.html"
    field_template_name = "formulaires/champ.html"
    bound_field_class = ChampSocle


@cache
def render_vide(formulaire: type[Form]) -> SafeString:
    """Dessine un formulaire vide, une fois par processus : il est le même pour tout le monde.

    Ne convient ni à un formulaire prérempli, ni à un choix lu en base.
    """
    return formulaire().render()
