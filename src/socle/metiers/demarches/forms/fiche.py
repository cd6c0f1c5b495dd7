"""Fiche d’une démarche : ce que lit l’usager, qui répond, sur quel fondement, combien de temps."""

from typing import Any

from django import forms
from django.forms import BoundField

from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.collectivites.queries import list_services
from socle.fondations.comptes.permissions import Portee
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.queries import list_regles
from socle.metiers.demarches.enums import EvenementDeVie, Silence
from socle.metiers.demarches.models import Demarche
from socle.normes.delais.echeances import ExceptionAuSilence

TEXTE = {"rows": 4}
POUR_PUBLIER = "Nécessaire pour publier."
GROUPES = [
    ("Ce que lit l’usager", ("titre", "resume", "description", "public", "a_prevoir")),
    ("Où il la trouve", ("chemin", "evenement", "mots_cles", "invites_autorises")),
    ("Qui répond, sur quel fondement", ("service", "cadre_juridique", "regle")),
    ("Le silence de l’administration", ("silence", "silence_mois", "silence_exception",
                                    "silence_source")),
    ("La décision", ("autorite", "decision_acceptation", "decision_refus")),
]  # fmt: skip


class ServiceForm(forms.Form):
    """Demande le service d’une nouvelle démarche à qui n’en administre que certains.

    Sans service, la démarche ne serait que de l’administrateur de tous.
    """

    def __init__(
        self, *args: Any, collectivite: Collectivite, portee: Portee, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not portee.entiere:
            self.fields["service"] = forms.ModelChoiceField(
                label="Service qui répond",
                queryset=list_services(collectivite).filter(portee.filter("pk")),
                empty_label=None,
            )


class NouvelleDemarcheForm(ServiceForm):
    titre = forms.CharField(
        label="Titre de la démarche",
        help_text="Ce que l’usager veut faire, par exemple « Inscription à la cantine ».",
        max_length=150,
    )


class FicheForm(forms.Form):
    """Fiche complète. Les champs obligatoires pour publier sont vérifiés à la publication."""

    titre = forms.CharField(label="Titre", max_length=150)
    chemin = forms.SlugField(
        label="Adresse de la page",
        help_text="Lettres sans accent, chiffres et tirets. Évitez d’en changer une fois publiée.",
        max_length=100,
    )
    resume = forms.CharField(
        label="En une phrase",
        max_length=250,
        required=False,
        help_text=f"Lue dans les résultats de recherche. {POUR_PUBLIER}",
    )
    description = forms.CharField(
        label="De quoi s’agit-il ?", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    public = forms.CharField(label="Pour qui ?", max_length=250, required=False)
    a_prevoir = forms.CharField(
        label="À préparer",
        help_text="Un élément par ligne. Les pièces du formulaire s’ajoutent seules.",
        required=False,
        widget=forms.Textarea(attrs=TEXTE),
    )
    mots_cles = forms.CharField(label="Autres mots pour la trouver", max_length=250, required=False)
    evenement = forms.ChoiceField(label="Événement de vie", choices=EvenementDeVie.choices)
    service: "forms.ModelChoiceField[Service]" = forms.ModelChoiceField(
        label="Service qui répond",
        help_text=POUR_PUBLIER,
        queryset=None,
        required=False,
        empty_label="À choisir",
    )
    regle: "forms.ModelChoiceField[RegleDeConservation]" = forms.ModelChoiceField(
        label="Règle de conservation",
        help_text=POUR_PUBLIER,
        queryset=None,
        required=False,
        empty_label="À choisir",
    )
    cadre_juridique = forms.CharField(
        label="Texte ou délibération qui fonde la démarche",
        help_text=POUR_PUBLIER,
        required=False,
        widget=forms.Textarea(attrs=TEXTE),
    )
    invites_autorises = forms.BooleanField(
        label="On peut faire la demande sans compte", required=False
    )
    silence = forms.ChoiceField(label="Sans réponse de votre part", choices=Silence.choices)
    silence_mois = forms.IntegerField(
        label="Au bout de (mois)",
        min_value=1,
        max_value=24,
        widget=forms.NumberInput(attrs={"class": "tres-court"}),
    )
    silence_exception = forms.ChoiceField(
        label="Si le silence vaut refus, pourquoi",
        required=False,
        choices=[("", "Sans objet"), *((e.value, e.motif) for e in ExceptionAuSilence)],
    )
    silence_source = forms.CharField(
        label="Texte qui donne un autre délai que deux mois", max_length=200, required=False
    )
    autorite = forms.CharField(
        label="Autorité qui décide",
        help_text="« Le maire », « La présidente »… La décision est signée en son nom : « Pour la"
        " présidente, par délégation ». Vide, selon le genre de votre collectivité.",
        max_length=150,
        required=False,
    )
    decision_acceptation = forms.CharField(
        label="Texte de la décision favorable", required=False, widget=forms.Textarea(attrs=TEXTE)
    )
    decision_refus = forms.CharField(
        label="Texte de la décision de refus",
        help_text="Le motif que l’agent écrit s’y ajoute.",
        required=False,
        widget=forms.Textarea(attrs=TEXTE),
    )

    def __init__(
        self, *args: Any, collectivite: Collectivite, portee: Portee, **kwargs: Any
    ) -> None:
        """Prépare la fiche ; `portee` : services que l’agent administre, seuls à choisir."""
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]  # l’aide dit ce qu’il faut
        service: Any = self.fields["service"]
        service.queryset = list_services(collectivite).filter(portee.filter("pk"))
        service.required = not portee.entiere
        self.fields["regle"].queryset = list_regles(collectivite)  # type: ignore[attr-defined]

    @property
    def groupes(self) -> list[tuple[str, list[BoundField]]]:
        """Rend les champs par sujet, dans l’ordre où un agent les connaît."""
        return [(titre, [self[nom] for nom in noms]) for titre, noms in GROUPES]


def read_fiche(demarche: Demarche) -> dict[str, Any]:
    """Rend les valeurs de la fiche, pour l’ouvrir."""
    return {nom: getattr(demarche, nom) for nom in FicheForm.base_fields}
