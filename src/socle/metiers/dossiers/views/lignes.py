"""Les lignes et les colonnes de la liste des agents.

Une ligne est dessinée une fois par choix de colonnes (`_ligne.html`) puis remplie en Python : cent
lignes en gabarit coûtaient la moitié de la page.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.textes import INSECABLE, MOIS_COURTS
from socle.metiers.dossiers.enums import OUVERTS, Canal
from socle.metiers.dossiers.models import NON_NOMME
from socle.metiers.dossiers.queries.liste import Choix
from socle.metiers.dossiers.services.complements import is_en_pause
from socle.metiers.dossiers.views.presentation import (
    describe_action,
    is_urgente,
    render_pastille,
)

CANAUX = dict(Canal.choices)
CHAMP = "champ:"
FIXES = {
    "demarche": "Démarche",
    "etat": "État",
    "depose": "Déposé",
    "echeance": "Échéance",
    "suivi": "Suivi par",
    "action": "À faire",
    "canal": "Canal",
    "service": "Service",
    "reference": "Référence",
}
ORIGINE = ("demarche", "etat", "depose", "echeance", "suivi", "action")
_JOUR = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
_DECIMAL = re.compile(r"-?\d+\.\d+\Z")


class Colonne(NamedTuple):
    """Une colonne : une fixe (« etat ») ou la réponse à une question (« champ:voie »)."""

    code: str
    libelle: str

    @property
    def champ(self) -> str:
        """Identifiant de la question, vide pour une colonne fixe."""
        return self.code.removeprefix(CHAMP) if self.code.startswith(CHAMP) else ""


def pick_colonnes(
    choisies: Mapping[str, list[dict[str, str]]], demarche: Choix | None
) -> tuple[Colonne, ...]:
    """Rend les colonnes à montrer : le choix de l’agent pour cette démarche, ou en général.

    Sans choix pour la démarche montrée, celles que son administrateur a prévues suivent son titre.
    """
    propres = choisies.get(str(demarche.pk)) if demarche else None
    if propres is not None:
        return tuple(_read_colonnes(propres))
    generales = choisies.get("0")
    colonnes = (
        list_origine()
        if generales is None
        else [c for c in _read_colonnes(generales) if not c.champ]
    )
    ajoutees = (
        [Colonne(CHAMP + c["champ"], c["libelle"]) for c in demarche.colonnes] if demarche else []
    )
    rang = next((rang for rang, c in enumerate(colonnes, 1) if c.code == "demarche"), 0)
    return (*colonnes[:rang], *ajoutees, *colonnes[rang:])


def list_origine() -> list[Colonne]:
    return [Colonne(code, FIXES[code]) for code in ORIGINE]


def _read_colonnes(choix: list[dict[str, str]]) -> list[Colonne]:
    """Lit un choix rangé ; une colonne qui n’existe plus est passée."""
    return [
        Colonne(c["code"], FIXES.get(c["code"], c["libelle"]))
        for c in choix
        if c["code"] in FIXES or c["code"].startswith(CHAMP)
    ]


def render_lignes(
    lignes: list[dict[str, Any]],
    colonnes: tuple[Colonne, ...],
    choix: list[Choix],
    *,
    racine: str,
    suite: str,
    aujourdhui: date,
    cases: bool = False,
    coche: bool = False,
) -> SafeString:
    """Rend les lignes du tableau.

    Args:
        racine: adresse d’un dossier, « {} » à la place de son numéro.
        suite: paramètres de la liste, pour « Dossier suivant ».
        cases: une case à cocher par ligne, pour agir sur plusieurs dossiers.
        coche: cases déjà cochées.
    """
    patron = compile_patron(colonnes, cases)
    cochee = " checked" if coche else ""
    demarches = {c.pk: c for c in choix}
    avant, _, apres = racine.partition("{}")
    rendues = []
    for ligne in lignes:
        valeurs = present_ligne(ligne, demarches.get(ligne["demarche_id"]), aujourdhui)
        valeurs["coche"] = cochee
        valeurs["adresse"] = f"{avant}{ligne['numero']}{apres}{suite}"
        projection = ligne["projection"]
        for rang, colonne in enumerate(colonnes):
            if colonne.champ:
                valeurs[f"c{rang}"] = format_cellule(projection.get(colonne.champ))
        rendues.append(patron % {nom: _escape(valeur) for nom, valeur in valeurs.items()})
    return mark_safe("".join(rendues))  # noqa: S308  chaque valeur est échappée ci-dessus


@lru_cache(maxsize=128)
def compile_patron(colonnes: tuple[Colonne, ...], cases: bool) -> str:
    """Dessine une ligne, « %(nom)s » à la place de chaque valeur."""
    cellules = [
        {"code": "champ" if c.champ else c.code, "libelle": c.libelle.replace("%", "%%"), "rang": r}
        for r, c in enumerate(colonnes)
    ]
    contexte = {"cellules": cellules, "cases": cases}
    return render_to_string("dossiers/agent/_ligne.html", contexte)


def _escape(valeur: str) -> str:
    return valeur if isinstance(valeur, SafeString) else escape(valeur)


def present_ligne(
    ligne: dict[str, Any], demarche: Choix | None, aujourdhui: date
) -> dict[str, str]:
    """Rend les textes d’une ligne, par nom."""
    depose = ligne["depose_le"].astimezone(PARIS)
    heure = ""  # au guichet, le jour seul compte
    if ligne["canal"] == Canal.EN_LIGNE:
        heure = f", {depose.hour}{INSECABLE}h{INSECABLE}{depose:%M}"
    attend, ouvert = ligne["attend_correction"], ligne["etat"] in OUVERTS
    echeance = ligne["echeance"] if ouvert else None  # décidé, plus rien ne court
    jour = format_jour_et_mois(echeance) if echeance else "Aucune" if ouvert else "–"
    pause = is_en_pause(attend, echeance, ligne["correction_limite"], aujourdhui)
    urgente = ouvert and not pause and is_urgente(echeance, aujourdhui)
    suivi = f"{ligne['suivi_par__prenom'] or ''} {ligne['suivi_par__nom'] or ''}".strip()
    return {
        "titre": ligne["demandeur"] or NON_NOMME,
        "numero": str(ligne["numero"]),
        "reference": ligne["reference"],
        "demarche": demarche.titre if demarche else "",
        "service": (demarche.service or "") if demarche else "",
        "canal": str(CANAUX.get(ligne["canal"], "")),
        "etat": render_pastille(ligne["etat"], attend),
        "depose_iso": depose.isoformat(timespec="seconds"),
        "depose": format_jour_et_mois(depose) + heure,
        "echeance": "En pause" if pause else jour,
        "retard": "retard" if urgente else "",
        "action": describe_action(ligne) or ("Rien" if ouvert else "–"),
        "suivi": suivi or "Personne",
    }


def format_cellule(valeur: Any) -> str:
    """Met la valeur d’une colonne en clair : date en toutes lettres, virgule, oui ou non."""
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur))
    texte = "" if valeur is None else str(valeur)
    if jour := _JOUR.match(texte):
        annee, mois, quantieme = map(int, jour.groups())
        if 1 <= mois <= 12:
            return f"{quantieme}{INSECABLE}{MOIS_COURTS[mois - 1]}{INSECABLE}{annee}"
    return texte.replace(".", ",") if _DECIMAL.match(texte) else texte


def format_jour_et_mois(quand: date) -> str:
    return f"{quand.day}{INSECABLE}{MOIS_COURTS[quand.month - 1]}"
