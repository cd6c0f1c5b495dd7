"""Formulaires de l’équipe : instances, sièges, réunions, décisions, feuilles, évaluations."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import (
    College,
    NatureEffet,
    NatureInstance,
    Presence,
    RegleDeVote,
    Sens,
)
from socle.metiers.gouvernance.models import Convocation, Instance, Reunion, Siege
from socle.metiers.gouvernance.queries.sieges import find_agent
from socle.metiers.gouvernance.services.decisions import EffetPropose

CLE = re.compile(r"[a-z]+:[a-z0-9][a-z0-9-]{0,99}")
LIENS_AIDE = "Une clé par ligne : « action:2018-2020-2-1 », « solution:tchap »."
LIENS_MAX = 30
# Une clé de conteneur : la suite y ajoute quelque chose, avec ou sans date.
NATURE_PAR_PREFIXE = {"axe": NatureEffet.ACTION, "feuille": NatureEffet.FEUILLE}


class ChampCles(forms.CharField):
    """Clés d’objets d’ailleurs, une par ligne ; rend une liste."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "En lien avec")
        options.setdefault("help_text", LIENS_AIDE)
        super().__init__(
            required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **options
        )

    def clean(self, value: object) -> list[str]:
        lignes = [ligne.strip() for ligne in str(super().clean(value)).splitlines()]
        cles = list(dict.fromkeys(ligne for ligne in lignes if ligne))
        fausse = next((cle for cle in cles if not CLE.fullmatch(cle)), None)
        if fausse is not None or len(cles) > LIENS_MAX:
            raise forms.ValidationError(f"« {str(fausse)[:60]} » n’est pas une clé.")
        return cles

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list) else value


class ChampAgent(forms.EmailField):
    """Adresse d’un agent qui a un compte ; rend le compte."""

    def clean(self, value: object) -> Compte | None:
        adresse = super().clean(value)
        if not adresse:
            return None
        compte = find_agent(adresse)
        if compte is None:
            raise forms.ValidationError("Aucun agent ne se connecte ici avec cette adresse.")
        return compte

    def prepare_value(self, value: object) -> object:
        return value.courriel if isinstance(value, Compte) else value


def _date(label: str, *, required: bool = True, **options: object) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **options,  # type: ignore[arg-type]
    )


def _instant(label: str, *, required: bool = True, **options: object) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        **options,  # type: ignore[arg-type]
    )


def _texte(
    label: str, *, required: bool = True, rows: int = 6, max_length: int = 20_000, **options: object
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,  # type: ignore[arg-type]
    )


class InstanceForm(forms.Form):
    sigle = forms.CharField(label="Sigle", max_length=20)
    nom = forms.CharField(label="Nom", max_length=200)
    mandat = _texte("Mandat", required=False)
    frequence = forms.CharField(label="Fréquence", max_length=120, required=False)
    delai_convocation = forms.IntegerField(
        label="Délai de convocation, en jours", min_value=0, max_value=90, initial=8
    )
    quorum = forms.IntegerField(
        label="Quorum de chaque collège, en pour cent des sièges pourvus",
        min_value=0, max_value=100, initial=50,
    )  # fmt: skip
    regle = forms.ChoiceField(label="Règle de vote", choices=RegleDeVote.choices)
    liens = ChampCles()


class FicheInstanceForm(FormulaireVerrouille, InstanceForm):
    """Changer une instance ; la page porte l’empreinte de ce qu’elle montrait."""


class NouvelleInstanceForm(InstanceForm):
    slug = forms.SlugField(label="Nom dans l’adresse", help_text="« gt-archives »", max_length=60)
    nature = forms.ChoiceField(
        label="Nature", choices=NatureInstance.choices, widget=forms.RadioSelect,
        help_text="Elle donne les pouvoirs, et ne change plus ensuite.",
    )  # fmt: skip
    field_order = ["nature", "sigle", "nom", "slug"]


class SiegeForm(forms.Form):
    organisation = forms.CharField(label="Organisation", max_length=200)
    college = forms.ChoiceField(label="Collège", choices=College.choices, widget=forms.RadioSelect)
    titulaire = ChampAgent(
        label="Adresse du titulaire", required=False, help_text="Vide : siège à pourvoir."
    )
    suppleant = ChampAgent(label="Adresse du suppléant", required=False)
    du = _date("Depuis le")


class PersonnesForm(FormulaireVerrouille):
    titulaire = ChampAgent(label="Adresse du titulaire", required=False)
    suppleant = ChampAgent(label="Adresse du suppléant", required=False)


class FinDeSiegeForm(forms.Form):
    au = _date("Dernier jour")


class ReunionForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=200)
    debut = _instant("Début")
    fin = _instant("Fin")
    lieu = forms.CharField(label="Lieu", max_length=300, required=False)
    visio = forms.URLField(
        label="Lien de visioconférence", required=False, max_length=500, assume_scheme="https",
        help_text="Montré aux participants seulement.",
    )  # fmt: skip
    ouverte = forms.BooleanField(label="Ouverte à tous les agents, sur inscription", required=False)
    places = forms.IntegerField(label="Places", required=False, min_value=1, max_value=10_000)
    liens = ChampCles()


class FicheReunionForm(FormulaireVerrouille, ReunionForm):
    """Changer une réunion."""


class NouvelleReunionForm(ReunionForm):
    instance = forms.ChoiceField(label="Instance")
    field_order = ["instance", "titre"]

    def __init__(self, instances: Iterable[Instance], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choix = [(i.slug, i.nom) for i in instances]
        self.fields["instance"].choices = choix  # type: ignore[attr-defined]


class PointForm(forms.Form):
    titre = forms.CharField(label="Titre du point", max_length=200)
    texte = _texte("Détail", required=False, rows=3)
    minutes = forms.IntegerField(
        label="Durée, en minutes", required=False, min_value=1, max_value=600
    )
    rang = forms.IntegerField(label="Place", required=False, min_value=1, max_value=200)
    documents = _texte(
        "Documents", required=False, rows=2, max_length=4000,
        help_text="Un par ligne : titre, puis son adresse, séparés par « | ».",
    )  # fmt: skip
    liens = ChampCles()

    def clean_documents(self) -> list[dict[str, str]]:
        documents = []
        for ligne in self.cleaned_data["documents"].splitlines():
            if not ligne.strip():
                continue
            titre, _, url = (morceau.strip() for morceau in ligne.partition("|"))
            lue = urlsplit(url)
            if not titre or lue.scheme not in ("http", "https") or not lue.netloc:
                raise forms.ValidationError(
                    "Écrivez « titre | https://… » : une adresse complète par document."
                )
            documents.append({"titre": titre[:200], "url": url[:500]})
        return documents[:20]


class FichePointForm(FormulaireVerrouille, PointForm):
    """Changer un point de l’ordre du jour."""


class PieceForm(forms.Form):
    fichier = forms.FileField(label="Fichier", help_text="50 Mo au plus.")
    titre = forms.CharField(
        label="Titre", max_length=200, required=False, help_text="Vide : le nom du fichier."
    )
    public = forms.BooleanField(
        label="Public dès la convocation", required=False,
        help_text="Case vide : seuls l’équipe et les convoqués le lisent.",
    )  # fmt: skip


class ConvoquerForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi si tard",
        help_text="Seulement si le délai de l’instance n’est pas tenu. Public.",
        max_length=300,
        required=False,
    )


class MotifForm(forms.Form):
    motif = forms.CharField(label="Pourquoi", max_length=300, help_text="Public.")


class ReleveForm(FormulaireVerrouille):
    releve = _texte("Relevé de décisions")
    compte_rendu = _texte("Compte rendu", required=False, rows=10)


class PresencesForm(forms.Form):
    """Une ligne par convocation."""

    def __init__(self, convocations: list[Convocation], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for convocation in convocations:
            self.fields[f"c{convocation.pk}"] = forms.ChoiceField(
                label=f"{convocation.siege.organisation}, {convocation.compte.nom_affiche}",
                choices=Presence.choices,
                initial=convocation.presence,
            )

    def read(self) -> dict[int, Presence]:
        return {int(nom[1:]): Presence(v) for nom, v in self.cleaned_data.items()}


class SeanceForm(forms.Form):
    """Les voix exprimées en séance : une ligne par siège présent ou représenté."""

    def __init__(self, sieges: list[Siege], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for siege in sieges:
            self.fields[f"s{siege.pk}"] = forms.ChoiceField(
                label=f"{siege.organisation} ({siege.get_college_display()})",
                choices=[("", "N’a pas voté"), *Sens.choices],
                required=False,
            )

    def read(self) -> dict[int, Sens]:
        return {int(nom[1:]): Sens(v) for nom, v in self.cleaned_data.items() if v}


class DecisionForm(forms.Form):
    titre = forms.CharField(label="Objet", max_length=200)
    texte = _texte("Texte", rows=10, max_length=50_000)
    suites = _texte(
        "Ce qui en découlera", required=False, rows=3, max_length=4000,
        help_text="Une suite par ligne : « clé | ce qui change | date ou nouvel état ». La décision"
        " prise, Socle l’applique : « action:2018-2020-2-1 | L’action démarre | en cours »,"
        " « echeance:nis-2 | Report d’un an | 2027-10-17 », « axe:2018-2020-2 | Titre d’une"
        " action nouvelle », « feuille:2027-1 | Titre d’une ligne | 2027-03-01 ». Sans clé, la"
        " suite reste à faire par l’équipe.",
    )  # fmt: skip
    reunion = forms.ChoiceField(
        label="Réunion où elle est inscrite", required=False,
        help_text="Il en faut une pour décider en séance.",
    )  # fmt: skip
    liens = ChampCles()

    def __init__(self, reunions: Iterable[Reunion], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["reunion"].choices = [  # type: ignore[attr-defined]
            ("", "Aucune"),
            *((str(r.pk), f"{r.titre}, {r.debut:%d/%m/%Y}") for r in reunions),
        ]

    def clean_suites(self) -> list[EffetPropose]:
        lignes = [ligne.strip() for ligne in self.cleaned_data["suites"].splitlines()]
        return [_read_suite(ligne) for ligne in lignes if ligne][:20]


class PropositionForm(FormulaireVerrouille, DecisionForm):
    """Changer une proposition pas encore figée."""


class NouvelleDecisionForm(DecisionForm):
    instance = forms.ChoiceField(label="Instance qui décide")
    proposee_par = forms.ChoiceField(label="Proposée par", required=False)
    preparee_par = forms.ChoiceField(label="Préparée par", required=False)
    field_order = ["instance", "proposee_par", "preparee_par", "titre", "texte", "suites"]

    def __init__(
        self,
        decident: list[Instance],
        proposent: list[Instance],
        preparent: list[Instance],
        *args: object,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        listes: tuple[tuple[str, list[Instance], list[tuple[str, str]]], ...] = (
            ("instance", decident, []),
            ("proposee_par", proposent, [("", "L’équipe du programme")]),
            ("preparee_par", preparent, [("", "Personne")]),
        )
        for nom, instances, premiers in listes:
            choix = [*premiers, *((i.slug, i.nom) for i in instances)]
            self.fields[nom].choices = choix  # type: ignore[attr-defined]


class ClotureForm(forms.Form):
    cloture_le = _instant(
        "Vote en ligne ouvert jusqu’au", required=False,
        help_text="Vide : la décision se prend seulement en séance.",
    )  # fmt: skip


class ProlongerForm(MotifForm):
    cloture_le = _instant("Nouvelle clôture")
    field_order = ["cloture_le", "motif"]


class AmenderForm(FormulaireVerrouille, MotifForm):
    texte = _texte("Nouveau texte", rows=10, max_length=50_000)
    cloture_le = _instant("Nouvelle clôture", required=False)
    field_order = ["texte", "motif", "cloture_le"]


class SemestreForm(forms.Form):
    semestre = forms.RegexField(
        r"^20[0-9]{2}-[12]$", label="Semestre", help_text="« 2027-1 » : premier semestre 2027."
    )
    introduction = _texte("Introduction", required=False)


class LigneForm(forms.Form):
    titre = forms.CharField(label="Action", max_length=200)
    axe = forms.CharField(label="Axe", max_length=120, required=False)
    objectif = _texte("Objectif", required=False, rows=3, max_length=4000)
    date_prevue = _date("Pour le", required=False)
    responsable = forms.CharField(label="Qui conduit", max_length=200, required=False)
    motif = forms.CharField(
        label="Pourquoi ce changement", max_length=500, required=False,
        help_text="Demandé dès que la ligne diffère de la feuille précédente. Public.",
    )  # fmt: skip
    liens = ChampCles()


class FicheLigneForm(FormulaireVerrouille, LigneForm):
    """Changer une ligne de la feuille de route."""


class EvaluationForm(forms.Form):
    action = forms.RegexField(r"^action:[a-z0-9-]+$", label="Clé de l’action", max_length=120,
                              help_text="« action:2018-2020-2-1 »")  # fmt: skip
    titre = forms.CharField(label="Titre", max_length=200)
    objectifs = _texte("Objectifs de départ", rows=4)
    resultats = _texte("Résultats", rows=4)
    a_garder = _texte("Ce qu’il faut garder", required=False, rows=3)
    a_changer = _texte("Ce qu’il faut changer", required=False, rows=3)
    redigee_par = forms.CharField(label="Rédigée par", max_length=200)
    liens = ChampCles()


class FicheEvaluationForm(FormulaireVerrouille, EvaluationForm):
    """Corriger une évaluation."""


def _read_suite(ligne: str) -> EffetPropose:
    """Lit « clé | texte | date ou état »."""
    morceaux = [morceau.strip() for morceau in ligne.split("|")]
    cle = morceaux.pop(0) if CLE.fullmatch(morceaux[0]) else ""
    if not morceaux or not morceaux[0]:
        raise forms.ValidationError(f"« {ligne[:60]} » ne dit pas ce qui change.")
    texte, fin = morceaux[0][:300], morceaux[1] if len(morceaux) > 1 else ""
    visee = None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", fin):
        visee = forms.DateField(input_formats=["%Y-%m-%d"]).clean(fin)
    nature = NATURE_PAR_PREFIXE.get(cle.partition(":")[0])
    if nature is None:
        nature = NatureEffet.DATE if visee else NatureEffet.ETAT if fin else NatureEffet.AUTRE
    valeur = "" if visee else fin[:60]
    return EffetPropose(nature=nature, cle=cle, texte=texte, date_visee=visee, valeur=valeur)
