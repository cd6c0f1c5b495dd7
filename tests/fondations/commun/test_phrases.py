"""Les refus d’un formulaire sont écrits avec nos mots, dans tous les formulaires."""

import importlib
from pathlib import Path

import pytest
from django import forms
from django.core import validators

from socle.fondations.commun.phrases import PHRASES

SOURCES = Path(__file__).resolve().parents[3] / "src"
STOCK = ("obligatoire", "Saisissez", "Sélectionnez", "Assurez-vous", "soumis", "Téléversez")


class EssaiForm(forms.Form):
    nom = forms.CharField(max_length=5)
    site = forms.URLField(required=False, assume_scheme="https")
    courriel = forms.EmailField(required=False)
    nombre = forms.IntegerField(required=False, min_value=2, max_value=9)
    choix = forms.ChoiceField(choices=[("a", "A")], required=False)
    jour = forms.DateField(required=False)
    piece = forms.FileField()


def list_sous_classes(classe):
    for fille in classe.__subclasses__():
        yield fille
        yield from list_sous_classes(fille)


def read_erreurs(**donnees) -> list[str]:
    erreurs = EssaiForm(donnees).errors
    return [texte for textes in erreurs.values() for texte in textes]


@pytest.mark.parametrize(
    "donnees",
    [
        {},
        {"nom": "trop long"},
        {"site": "pas une adresse", "courriel": "non", "choix": "b", "jour": "hier"},
        {"nombre": "1"},
        {"nombre": "10"},
        {"nombre": "beaucoup"},
    ],
)
def test_refusals_are_ours(donnees):
    erreurs = read_erreurs(**donnees)

    assert erreurs
    assert [texte for texte in erreurs if any(mot in texte for mot in STOCK)] == []


def test_limits_are_told():
    assert "Écrivez un nombre qui ne dépasse pas 9." in read_erreurs(nombre="10")
    assert any("5 caractères au plus, il en a 9" in t for t in read_erreurs(nom="trop long"))


def test_every_form_of_the_project_has_them():
    """Un formulaire chargé avant `install_phrases` garderait celles de Django."""
    for fichier in SOURCES.glob("socle/**/forms*"):
        if fichier.suffix == ".py" or (fichier / "__init__.py").exists():
            chemin = fichier.with_suffix("").relative_to(SOURCES)
            importlib.import_module(".".join(chemin.parts))
    fautes = [
        f"{formulaire.__module__}.{formulaire.__name__}.{nom}.{code} : {texte}"
        for formulaire in list_sous_classes(forms.BaseForm)
        if formulaire.__module__.startswith("socle.")
        for nom, champ in getattr(formulaire, "base_fields", {}).items()
        for code, texte in champ.error_messages.items()
        if any(mot in str(texte) for mot in STOCK)
    ]
    assert fautes == []


def test_mother_class_keeps_its_own():
    assert PHRASES[forms.BooleanField]["required"] != forms.Field.default_error_messages["required"]
    assert forms.CharField().error_messages["required"] == "Remplissez ce champ."
    assert "exemple" in validators.EmailValidator().message
