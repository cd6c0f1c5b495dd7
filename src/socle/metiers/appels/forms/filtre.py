"""Le filtre public : le même pour la liste, l’agenda, les flux et les fichiers."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import (
    Noms,
    describe_autorite,
    get_autorite,
    list_choix_territoires,
    list_portee,
)
from socle.metiers.appels.enums import EtatAppel, EtatOctroi, FiltreDates, GenreAppel, Theme
from socle.metiers.appels.queries.appels import Criteres

PARAMETRES = ("q", "theme", "territoire", "pour", "genre", "dates", "autorite")


class FiltreAppels(forms.Form):
    """Tout est facultatif ; une valeur inconnue est ignorée, jamais une erreur."""

    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    theme = forms.ChoiceField(label="Thème", required=False, choices=[("", "Tous"), *Theme.choices])
    territoire = forms.ChoiceField(label="Territoire", required=False)
    pour = forms.ChoiceField(
        label="Pour", required=False,
        choices=[("", "Toutes les collectivités"), *GenreAutorite.choices],
    )  # fmt: skip
    genre = forms.ChoiceField(
        label="Genre d’appel", required=False, choices=[("", "Tous"), *GenreAppel.choices]
    )
    dates = forms.ChoiceField(
        label="Dates", required=False, choices=[("", "Toutes"), *FiltreDates.choices]
    )
    autorite = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput())

    def __init__(self, demande: dict[str, str], noms: Noms) -> None:
        self.noms = noms
        connus = {
            cle: valeur.replace("\x00", "")[:100]  # PostgreSQL refuse le caractère nul
            for cle, valeur in demande.items()
            if cle in self.base_fields
        }
        super().__init__(connus)
        territoires: Any = self.fields["territoire"]
        territoires.choices = [("", "Toute la France"), *list_choix_territoires(noms)]
        for nom, champ in self.fields.items():
            champ.sans_mention = True  # type: ignore[attr-defined]
            try:
                champ.clean(connus.get(nom, ""))
            except forms.ValidationError:
                connus.pop(nom, None)
        self.autorite_trouvee = get_autorite(connus["autorite"]) if connus.get("autorite") else None
        if self.autorite_trouvee is None:
            connus.pop("autorite", None)
        self.is_valid()

    @property
    def criteres(self) -> Criteres:
        """Ce qui est demandé, tel que les lectures le comprennent."""
        lu = self.cleaned_data
        choisi = lu.get("territoire")
        autorite = self.autorite_trouvee
        return Criteres(
            texte=lu.get("q", ""),
            theme=lu.get("theme", ""),
            genre=lu.get("genre", ""),
            dates=lu.get("dates", ""),
            autorite=lu.get("pour", ""),
            portee=tuple(list_portee([choisi], self.noms)) if choisi else (),
            profil=describe_autorite(autorite) if autorite else None,
        )

    def build_adresse(self, **autres: str) -> str:
        """Rend « ?theme=donnees » : le filtre, et ce qu’on y change. Vide sans filtre."""
        valeurs = {cle: self.data.get(cle, "") for cle in PARAMETRES} | autres
        suite = urlencode({cle: valeur for cle, valeur in valeurs.items() if valeur})
        return f"?{suite}" if suite else ""

    @property
    def est_affine(self) -> bool:
        """Vrai si un des filtres repliés sert."""
        return any(self.data.get(cle) for cle in ("genre", "dates", "pour"))


class FiltreEquipe(forms.Form):
    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EtatAppel.choices]
    )


class FiltreOctrois(forms.Form):
    q = forms.CharField(label="Objet ou collectivité", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EtatOctroi.choices]
    )
