"""Formulaires de l’équipe : un par sorte d’objet, faits d’après les champs de sa table."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core import signing
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms.models import fields_for_model

from socle.fondations.commun.tableur import FichierRefuse, ListeForm, read_tableau
from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Indicateur,
    Partenaire,
    Principe,
    Programme,
    Recommandation,
    Temoignage,
    Valeur,
)
from socle.metiers.pilotage.models.action import RUBRIQUES
from socle.metiers.pilotage.queries.importation import Ligne

CLE = re.compile(r"[a-z][a-z-]{0,30}:[a-z0-9][a-z0-9-]{0,85}\Z")
LIENS_MAX = 30
AIDE_TEXTE = "Listes avec « - », titres avec « ## », liens avec [mots](adresse)."
FICHE = (
    "titre", "court", "resume", *RUBRIQUES, "pilotes", "partenaires", "horizon", "source", "liens",
)  # fmt: skip
# Sorte → sa table, ses champs à la création, ceux que l’on modifie ensuite.
CHAMPS: dict[str, tuple[type[models.Model], tuple[str, ...], tuple[str, ...]]] = {
    "programme": (
        Programme,
        ("code",),
        ("titre", "resume", "date_debut", "date_fin", "editorial", "editorial_signe", "contexte",
         "source"),
    ),
    "axe": (Axe, ("numero",), ("titre", "court", "phrase", "ambition", "source", "liens")),
    "action": (Action, ("axe", "numero"), FICHE),
    "recommandation": (Recommandation, ("axe", "numero"), FICHE),
    "principe": (Principe, ("numero",), ("titre", "texte", "source")),
    "fait": (EvenementCle, (), ("annee", "trimestre", "titre", "detail", "source")),
    "partenaire": (Partenaire, (), ("nom", "genre", "apport", "site", "source")),
    "temoignage": (Temoignage, (), ("cible", "qui", "qualite", "texte", "source")),
    "indicateur": (
        Indicateur,
        ("code",),
        ("titre", "unite", "definition", "remarque", "source", "mesure", "decimales", "rang",
         "liens"),
    ),
    "valeur": (
        Valeur,
        (),
        ("jour", "precision", "qualificatif", "nombre", "document", "endroit", "date_document",
         "calculee", "remarque"),
    ),
}  # fmt: skip
AIDES = {
    "code": "Lettres, chiffres et tirets. Elle ne changera plus : les liens en dépendent.",
    "court": "Pour les listes, si le titre est long.",
    "liens": "Une clé par ligne : solution:tchap, ecran:echeancier, indicateur:cos…",
    "cible": "Clé de ce dont on parle : action:2018-2020-1-3.",
    "texte": "Redit en vos mots.",
    "mesure": "Code d’une mesure de Socle, si l’indicateur est mesuré.",
    "endroit": "Page, chapitre ou phrase où le nombre se lit.",
    "rang": "Du plus petit au plus grand dans les listes.",
    "remarque": "Ce qu’il faut savoir pour comparer.",
    "source": "Document et endroit d’où viennent ces faits.",
}


class ChampLiens(forms.CharField):
    """Clés d’objets, une par ligne."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        cles = list(dict.fromkeys(str(super().clean(value) or "").split()))
        fausses = [cle for cle in cles if not CLE.fullmatch(cle)]
        if fausses:
            raise forms.ValidationError(
                f"« {fausses[0][:60]} » n’est pas une clé, comme action:a-1."
            )
        if len(cles) > LIENS_MAX:
            raise forms.ValidationError(f"Trente clés au plus ; il y en a {len(cles)}.")
        return cles


class ObjetForm(forms.Form):
    """Formulaire d’un objet ; `revision` dit ce que la personne avait sous les yeux."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("date_debut"), donnees.get("date_fin")
        if debut and fin and fin < debut:
            self.add_error("date_fin", "La fin vient avant le début.")
        if "mesure" in donnees and (donnees.get("source") == "mesuree") != bool(donnees["mesure"]):
            self.add_error(
                "mesure", "Un indicateur mesuré donne le code de sa mesure ; un autre n’en a pas."
            )
        cible = donnees.get("cible")
        if cible and not CLE.fullmatch(cible):
            self.add_error("cible", "Écrivez une clé, comme action:2018-2020-1-3.")
        return donnees

    @property
    def champs(self) -> dict[str, Any]:
        """Ce qui s’enregistre : tout sauf la révision."""
        return {nom: v for nom, v in self.cleaned_data.items() if nom != "revision"}


def build_form(sorte: str, *, neuf: bool, programme: Programme | None = None) -> type[ObjetForm]:
    """Rend la classe du formulaire d’une sorte d’objet.

    Args:
        programme: borne le choix de l’axe à ceux de ce programme.
    """
    modele, fixes, champs = CHAMPS[sorte]
    noms = (*fixes, *champs) if neuf else champs
    declares = fields_for_model(modele, fields=noms, formfield_callback=_build_champ)
    for nom, champ in declares.items():
        _dress(nom, champ, programme)
    if "liens" in declares:
        declares["liens"] = ChampLiens(
            label="Liens", required=False, help_text=AIDES["liens"],
            widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        )  # fmt: skip
    return type("Form", (ObjetForm,), {nom: declares[nom] for nom in noms})


def _build_champ(champ: models.Field, **options: Any) -> forms.Field | None:
    if isinstance(champ, models.URLField):
        options["assume_scheme"] = "https"
    return champ.formfield(**options)


def _dress(nom: str, champ: forms.Field, programme: Programme | None) -> None:
    libelle = str(champ.label or nom)
    champ.label = libelle[:1].upper() + libelle[1:]
    champ.help_text = AIDES.get(nom, "")
    if isinstance(champ, forms.ModelChoiceField):
        champ.queryset = Axe.objects.filter(programme=programme, retire=False).order_by("numero")
        champ.empty_label = "Tous les axes" if not champ.required else "Choisir un axe"
    if isinstance(champ.widget, forms.Textarea):
        champ.widget.attrs["rows"] = 4
        champ.help_text = champ.help_text or AIDE_TEXTE
        champ.validators.append(MaxLengthValidator(20_000))
    if isinstance(champ, forms.DateField):
        champ.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AvancementForm(forms.Form):
    """Noter où en est une action, et ce qui le montre."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    etat = forms.ChoiceField(label="État", choices=EtatAction.choices)
    avancement = forms.IntegerField(
        label="Avancement, en %", required=False, min_value=0, max_value=100,
        help_text="Laissez vide si rien ne permet de le dire.",
    )  # fmt: skip
    date_constat = forms.DateField(
        label="Date du constat", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    texte = forms.CharField(
        label="Ce qui le montre", required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Un fait que chacun peut vérifier. Une adresse ou une clé suffit aussi.",
    )  # fmt: skip
    adresse = forms.URLField(
        label="Adresse de la preuve", required=False, max_length=500, assume_scheme="https"
    )
    lien = forms.RegexField(
        CLE, label="Clé de la preuve", required=False, max_length=120,
        help_text="Un objet du programme : decision:12, indicateur:cos…",
        error_messages={"invalid": "Écrivez une clé, comme decision:12."},
    )  # fmt: skip


class PeriodeForm(forms.Form):
    """Période d’un bilan, bornes comprises ; vide, le bilan porte tout."""

    debut = forms.DateField(
        label="Du", required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    fin = forms.DateField(
        label="Au", required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        champs = super().clean() or {}
        if champs.get("debut") and champs.get("fin") and champs["debut"] > champs["fin"]:
            self.add_error("fin", "La fin vient avant le début. Choisissez une date plus tard.")
        return champs


def list_champs(sorte: str) -> Sequence[str]:
    """Champs que l’on modifie après la création."""
    return CHAMPS[sorte][2]


# Import de valeurs -----------------------------------------------------------------------------
LIGNES_MAX = 500
FAUTES_MAX = 50
OBLIGATOIRES = ("indicateur", "date", "nombre", "document", "endroit")
# Les autres colonnes de l’export d’un indicateur : comprises, ou sans effet.
COLONNES = (*OBLIGATOIRES, "precision", "qualificatif", "date_document", "remarque", "unite",
            "ecart")  # fmt: skip
ATTENDUS = {
    "precision": "Écrivez jour, mois ou annee",
    "qualificatif": "Écrivez exact, plus_de, moins_de ou environ",
}
SCEAU = "pilotage.import"
ANNEES = (1900, 2200)


class ImportForm(ListeForm):
    fichier = forms.FileField(
        label="Fichier CSV, XLSX ou ODS",
        help_text="1 Mo et 500 lignes au plus. Mêmes colonnes que l’export d’un indicateur.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )


class ConfirmationForm(FormulaireVerrouille):
    """Ce que l’aperçu montrait : les lignes lues, scellées, et l’empreinte de leur sort."""

    lu = forms.CharField(widget=forms.HiddenInput)

    def clean_lu(self) -> dict[str, Any]:
        try:
            lu: dict[str, Any] = signing.loads(self.cleaned_data["lu"], salt=SCEAU)
        except signing.BadSignature as cause:
            raise forms.ValidationError(
                "Cet aperçu ne se lit plus. Déposez de nouveau le fichier."
            ) from cause
        return lu


def seal_lecture(nom: str, lignes: Sequence[tuple[int, dict[str, str]]]) -> str:
    """Scelle ce qui a été lu : l’aperçu le porte, et rien n’attend sur le serveur."""
    return signing.dumps({"nom": nom, "lignes": lignes}, salt=SCEAU, compress=True)


def read_valeurs(contenu: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rend les lignes du fichier, pas encore vérifiées.

    Raises:
        FichierRefuse: illisible, démesuré, ou colonnes fausses.
    """
    return read_tableau(contenu, connues=COLONNES, obligatoires=OBLIGATOIRES, lignes_max=LIGNES_MAX)


def check_valeurs(
    lignes: Sequence[tuple[int, dict[str, str]]], indicateurs: Sequence[Indicateur]
) -> list[Ligne]:
    """Vérifie chaque ligne comme le ferait la page d’une valeur.

    Args:
        indicateurs: ceux qui reçoivent des valeurs ; une ligne dit leur code ou leur titre.

    Raises:
        FichierRefuse: au moins une faute ; chacune nomme sa ligne, sa colonne, et quoi écrire.
    """
    noms = _map_noms(indicateurs)
    formulaire = build_form("valeur", neuf=True)
    vues: dict[Any, int] = {}
    lues: list[Ligne] = []
    fautes: list[str] = []
    for numero, cellules in lignes:
        indicateur, faute = _find_indicateur(cellules.get("indicateur", ""), noms)
        form = formulaire(_read_cellules(cellules))
        fausses = [faute] if faute else []
        fausses += _list_fautes(form)
        if indicateur and not fausses:
            champs = {nom: v for nom, v in form.champs.items() if nom != "calculee"}
            ligne = Ligne(numero, indicateur, champs)
            premiere = vues.setdefault(ligne.cle, numero)
            if premiere != numero:
                fausses.append(f"la même valeur est ligne {premiere} : ôtez l’une des deux")
            lues.append(ligne)
        fautes += [f"Ligne {numero}, {fausse}." for fausse in fausses]
    if len(fautes) > FAUTES_MAX:
        fautes = [*fautes[:FAUTES_MAX], f"Et {len(fautes) - FAUTES_MAX} autres."]
    if fautes:
        raise FichierRefuse(fautes)
    return lues


def _map_noms(indicateurs: Sequence[Indicateur]) -> dict[str, list[Indicateur]]:
    """Code ou titre, en minuscules → indicateurs ; un code l’emporte sur un titre."""
    noms: dict[str, list[Indicateur]] = {}
    for indicateur in indicateurs:
        noms.setdefault(indicateur.titre.casefold(), []).append(indicateur)
    return noms | {indicateur.code: [indicateur] for indicateur in indicateurs}


def _find_indicateur(
    texte: str, noms: dict[str, list[Indicateur]]
) -> tuple[Indicateur | None, str]:
    trouves = noms.get(texte.strip().casefold(), [])
    if len(trouves) == 1:
        return trouves[0], ""
    if trouves:
        codes = " ou ".join(i.code for i in trouves)
        return None, f"indicateur : plusieurs ont ce titre. Écrivez le code : {codes}"
    proches = get_close_matches(texte.strip().casefold()[:200], noms, n=1)
    suite = f"Le plus proche : « {proches[0]} »" if proches else "Écrivez son code ou son titre"
    return None, f"indicateur : « {texte[:60]} » ne reçoit pas de valeurs. {suite}"


def _read_cellules(cellules: dict[str, str]) -> dict[str, str]:
    """Range une ligne dans les champs du formulaire ; « 14 500 » et « 1,7 » se lisent."""
    valeurs = {nom: texte.strip() for nom, texte in cellules.items()}
    nombre = "".join(valeurs.get("nombre", "").split()).replace(",", ".")
    return valeurs | {
        "revision": "0",
        "jour": valeurs.get("date", ""),
        "nombre": nombre,
        "precision": valeurs.get("precision") or "jour",
        "qualificatif": valeurs.get("qualificatif") or "exact",
    }


def _list_fautes(form: ObjetForm) -> list[str]:
    fautes = []
    for champ, erreurs in form.errors.items():
        phrase = ATTENDUS.get(champ) or " ".join(map(str, erreurs)).rstrip(".")
        fautes.append(f"{'date' if champ == 'jour' else champ} : {phrase}")
    jour = form.cleaned_data.get("jour")
    if jour and not ANNEES[0] <= jour.year <= ANNEES[1]:
        fautes.append(f"date : l’année {jour.year} est hors limites")
    return fautes
