"""Le filtre public : le même pour la frise, le tableau, l’agenda, les flux et les fichiers."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.models import Autorite, normalize_nom
from socle.fondations.referentiels.queries import (
    get_autorite,
    list_choix_territoires,
    list_portee,
    name_territoire,
    search_autorites,
)
from socle.metiers.echeancier.enums import FiltreDates, Theme
from socle.metiers.echeancier.exports.frise import ANNEE_MAX, ANNEE_MIN
from socle.metiers.echeancier.queries.obligations import Criteres, read_choix
from socle.metiers.echeancier.queries.profils import describe_autorite

CHOIX_MAX = 8
TAILLES = [
    ("", "Toutes"),
    ("400", "moins de 500 habitants"),
    ("700", "500 à 999 habitants"),
    ("2000", "1\N{NO-BREAK SPACE}000 à 3\N{NO-BREAK SPACE}499 habitants"),
    ("5000", "3\N{NO-BREAK SPACE}500 à 9\N{NO-BREAK SPACE}999 habitants"),
    ("30000", "10\N{NO-BREAK SPACE}000 à 49\N{NO-BREAK SPACE}999 habitants"),
    ("75000", "50\N{NO-BREAK SPACE}000 à 99\N{NO-BREAK SPACE}999 habitants"),
    ("200000", "100\N{NO-BREAK SPACE}000 habitants et plus"),
]
# Une valeur par adresse : l’adresse d’un filtre se partage, et reste la même.
PARAMETRES = (
    "autorite", "ministere", "dates", "theme", "territoire", "genre", "taille", "q", "annee",
)  # fmt: skip
A_ECARTER = ("ministere", "dates", "theme", "territoire", "genre", "taille", "annee")


class FiltreEcheances(forms.Form):
    """Tout est facultatif ; une valeur inconnue est ignorée, jamais une erreur."""

    c = forms.CharField(label="Ma collectivité", required=False, max_length=100)
    ministere = forms.ChoiceField(label="Ministère", required=False)
    dates = forms.ChoiceField(
        label="Dates", required=False, choices=[("", "Toutes"), *FiltreDates.choices]
    )
    theme = forms.ChoiceField(label="Thème", required=False, choices=[("", "Tous"), *Theme.choices])
    territoire = forms.ChoiceField(label="Territoire", required=False)
    genre = forms.ChoiceField(
        label="Genre de collectivité",
        required=False,
        choices=[("", "Tous"), *GenreAutorite.choices],
    )
    taille = forms.ChoiceField(label="Taille", required=False, choices=TAILLES)
    q = forms.CharField(label="Mots cherchés", required=False, max_length=100)
    annee = forms.IntegerField(
        required=False, min_value=ANNEE_MIN, max_value=ANNEE_MAX, localize=False,
        widget=forms.HiddenInput(),
    )  # fmt: skip
    autorite = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput())

    def __init__(self, demande: dict[str, str]) -> None:
        """Lit l’adresse demandée, et cherche la collectivité nommée."""
        self.autorite_trouvee: Autorite | None = None
        self.choix: list[Autorite] = []
        connus = {
            cle: valeur.replace("\x00", "")[:100]  # PostgreSQL refuse le caractère nul
            for cle, valeur in demande.items()
            if cle in self.base_fields
        }
        self._find_autorite(connus)
        super().__init__(connus)
        ministeres, self.noms = read_choix()
        champ: Any = self.fields["ministere"]
        champ.choices = [("", "Tous"), *((nom, nom) for nom in ministeres)]
        champ = self.fields["territoire"]
        champ.choices = [("", "Toute la France"), *list_choix_territoires(self.noms)]
        for nom in [n for n in A_ECARTER if n in connus]:
            try:
                self.fields[nom].clean(connus[nom])
            except forms.ValidationError:
                connus.pop(nom)
        for champ in self.fields.values():
            champ.sans_mention = True  # tout est facultatif : le dire neuf fois n’aide personne
        self.is_valid()

    def _find_autorite(self, demande: dict[str, str]) -> None:
        texte = demande.get("c", "").strip()
        gardee = get_autorite(demande["autorite"]) if demande.get("autorite") else None
        if gardee is not None and texte in ("", name_autorite(gardee)):
            self.autorite_trouvee = gardee
        elif texte:
            trouvees = search_autorites(texte, CHOIX_MAX)
            nommees = [a for a in trouvees if a.nom_tri == normalize_nom(texte)]
            sure = len(trouvees) == 1 or (len(nommees) == 1 and nommees[0] is trouvees[0])
            self.autorite_trouvee = trouvees[0] if sure else None
            self.choix = [] if sure else trouvees
        if self.autorite_trouvee is not None:
            demande["autorite"] = self.autorite_trouvee.cle
            demande["c"] = name_autorite(self.autorite_trouvee)
        else:
            demande.pop("autorite", None)

    @property
    def est_introuvable(self) -> bool:
        """Vrai si la collectivité écrite ne se trouve pas."""
        ecrite = self.data.get("c", "").strip()
        return bool(ecrite) and self.autorite_trouvee is None and not self.choix

    @property
    def criteres(self) -> Criteres:
        """Ce qui est demandé, tel que les lectures le comprennent."""
        lu = self.cleaned_data
        profil = describe_autorite(self.autorite_trouvee) if self.autorite_trouvee else None
        territoire = lu.get("territoire")
        return Criteres(
            texte=lu.get("q", ""),
            ministere=lu.get("ministere", ""),
            dates=lu.get("dates", ""),
            theme=lu.get("theme", ""),
            genre=lu.get("genre", ""),
            population=int(lu["taille"]) if lu.get("taille") else None,
            portee=tuple(list_portee([territoire], self.noms)) if territoire else (),
            profil=profil,
        )

    @property
    def nom_territoire(self) -> str:
        """Territoire demandé, « Bretagne » ; vide pour toute la France."""
        code: str = self.cleaned_data.get("territoire", "")
        return name_territoire(code, self.noms) if code else ""

    @property
    def annee_choisie(self) -> int | None:
        """Première année de la frise, si elle est demandée."""
        annee: int | None = self.cleaned_data.get("annee")
        return annee

    def build_adresse(self, **autres: str | int | None) -> str:
        """Rend « ?theme=actes&annee=2027 » : le filtre, et ce qu’on y change. Vide sans filtre."""
        valeurs = {cle: self.data.get(cle, "") for cle in PARAMETRES} | autres
        suite = urlencode({cle: valeur for cle, valeur in valeurs.items() if valeur})
        return f"?{suite}" if suite else ""

    @property
    def est_affine(self) -> bool:
        """Vrai si un des filtres repliés sert."""
        return any(self.data.get(cle) for cle in ("theme", "territoire", "genre", "taille", "q"))


def name_autorite(autorite: Autorite) -> str:
    """Rend « Clamart (92) », « Département des Hauts-de-Seine »."""
    return f"{autorite.nom} ({autorite.departement})" if autorite.departement else autorite.nom


def read_annees(annee: int | None, aujourdhui: date) -> tuple[int, int]:
    """Rend les années de la frise d’avant et de celle d’après."""
    courante = annee or aujourdhui.year
    return courante - 1, courante + 1
