"""Formulaire d’une règle de conservation, avec ce qu’il faut savoir pour la remplir."""

from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.conservation.enums import COMMUNICABILITES, PointDeDepart, SortFinal
from socle.fondations.conservation.models import RegleDeConservation

ENGAGENTS = ("duree_annees", "point_de_depart", "sort_final")
DUREE_MAX = 200


class RegleForm(FormulaireVerrouille):
    """Une règle. Publiée par une démarche, ses changements se confirment.

    Args:
        regle: la règle corrigée, ou celle dont on part.
        publiee: vrai si des personnes ont pu lire cette durée.
    """

    intitule = forms.CharField(
        label="Intitulé",
        max_length=200,
        help_text="Ce que couvre la règle. Exemple : « Restauration scolaire : inscriptions ».",
    )
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        label="Code",
        max_length=40,
        help_text="Celui de votre tableau de gestion, ou un nom court : « SCO-CANTINE ». Il est"
        " écrit dans chaque versement.",
        error_messages={
            "invalid": "Des lettres sans accent, des chiffres, des points, des tirets."
        },
    )
    duree_annees = forms.IntegerField(
        label="Durée, en années",
        min_value=0,
        max_value=DUREE_MAX,
        help_text="Le temps où le dossier sert encore (durée d’utilité administrative). Montrée"
        " aux personnes avant qu’elles commencent.",
    )
    point_de_depart = forms.ChoiceField(
        label="Comptée depuis",
        choices=PointDeDepart.choices,
        help_text="Sans décision, une règle qui part de la décision part de la clôture.",
    )
    sort_final = forms.ChoiceField(
        label="Ensuite",
        choices=SortFinal.choices,
        widget=forms.RadioSelect,
        help_text="Rien n’est jamais détruit tout seul : il faut le visa des Archives"
        " départementales. « Tri » : une personne choisit, le versement dit « conserver ».",
    )
    source_juridique = forms.CharField(
        label="Source",
        max_length=300,
        help_text="Le texte ou le visa qui fonde la durée. Exemples : « Instruction"
        " DGP/SIAF/2014/006 », « Tableau de gestion visé le 3 mars 2026 ».",
    )
    a_confirmer = forms.BooleanField(
        label="À confirmer par les Archives départementales",
        required=False,
        help_text="Laissez coché tant que personne n’a lu le texte. Chaque versement le signale.",
    )
    communicabilite = forms.ChoiceField(
        label="Qui peut lire, une fois aux archives",
        required=False,
        help_text="Délai compté depuis le dernier document du dossier. Pour une demande d’usager,"
        " c’est presque toujours la vie privée.",
    )
    confirme = forms.BooleanField(
        label="J’ai lu ce que ce changement entraîne",
        error_messages={"required": "Lisez les conséquences, puis cochez cette case."},
    )

    def __init__(
        self,
        *args: Any,
        regle: RegleDeConservation | None = None,
        publiee: bool = False,
        **kwargs: Any,
    ) -> None:
        self.regle = regle
        super().__init__(*args, **kwargs)
        for nom in ("a_confirmer", "confirme"):  # une case vide est une réponse
            self.fields[nom].sans_mention = True  # type: ignore[attr-defined]
        self.fields["communicabilite"].choices = _list_communicabilites(regle)  # type: ignore[attr-defined]
        if not publiee:
            del self.fields["confirme"]
        elif not self._is_engageante():
            self.fields["confirme"].required = False

    def _is_engageante(self) -> bool:
        """Vrai si la saisie change ce qui a été annoncé aux personnes."""
        if self.regle is None or not self.is_bound:
            return False
        return any(str(getattr(self.regle, c)) != self.data.get(c, "").strip() for c in ENGAGENTS)

    def read_champs(self) -> dict[str, Any]:
        """Champs de `RegleDeConservation`, après `is_valid`."""
        champs = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom in CHAMPS_DIRECTS}
        return champs | read_communicabilite(self.cleaned_data["communicabilite"], self.regle)


CHAMPS_DIRECTS = (
    "code",
    "intitule",
    "duree_annees",
    "point_de_depart",
    "sort_final",
    "source_juridique",
    "a_confirmer",
)


def read_initial(regle: RegleDeConservation) -> dict[str, Any]:
    """Valeurs de départ du formulaire, d’après une règle."""
    initial = {champ: getattr(regle, champ) for champ in CHAMPS_DIRECTS}
    return initial | {"communicabilite": regle.communicabilite_code}


def read_communicabilite(code: str, regle: RegleDeConservation | None) -> dict[str, Any]:
    """Les trois champs d’un délai ; un code hors liste déjà en place garde les siens."""
    if regle is not None and code == regle.communicabilite_code and code not in COMMUNICABILITES:
        return {}
    annees, _, source = COMMUNICABILITES.get(code, (0, "", ""))
    return {
        "communicabilite_code": code,
        "communicabilite_annees": annees,
        "communicabilite_source": source,
    }


def _list_communicabilites(regle: RegleDeConservation | None) -> list[tuple[str, str]]:
    choix = [("", "Sans précision")]
    choix += [
        (code, f"{choix.libelle}, {choix.annees} ans ({code})" if choix.annees else
         f"{choix.libelle} ({code})")
        for code, choix in COMMUNICABILITES.items()
    ]  # fmt: skip
    code = regle.communicabilite_code if regle else ""
    if code and code not in COMMUNICABILITES:
        choix.append((code, f"{code}, {regle.communicabilite_annees} ans"))  # type: ignore[union-attr]
    return choix


class TriForm(forms.Form):
    """Le sort choisi pour les dossiers cochés, dont la règle dit « tri »."""

    sort = forms.ChoiceField(
        label="Que faire des dossiers cochés ?",
        choices=[
            (SortFinal.CONSERVER.value, "Les garder : remettre leur paquet aux archives"),
            (SortFinal.DETRUIRE.value, "Les détruire, après visa"),
        ],
        widget=forms.RadioSelect,
    )
    motif = forms.CharField(
        label="Pourquoi ?",
        help_text="Écrit sur le bordereau que les Archives visent. Sans nom de personne.",
        max_length=500,
    )
