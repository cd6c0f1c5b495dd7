"""PDF accessibles (PDF/UA-1) : le reçu d’une réponse, la synthèse d’une campagne."""

from datetime import datetime
from typing import Any

from django.conf import settings

from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT
from socle.fondations.commun.lettre import parse_texte
from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import format_instant, format_jour
from socle.metiers.consultations.exports.tableaux import CACHE
from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.queries.campagnes import describe_dates
from socle.metiers.consultations.queries.formulaires import get_formulaire

GABARIT = "document.typ"
TEXTE_MAX = 5_000
Bloc = dict[str, Any]


def build_recu(reponse: Reponse) -> bytes:
    """Rend le reçu : numéro, heure du dépôt, chaque réponse."""
    campagne, quand = reponse.campagne, _get_depot(reponse)
    blocs = [_build_tableau("Dépôt", ["Donnée", "Valeur"], _list_depot(reponse, quand))]
    for page in get_formulaire(campagne).lines_resume(reponse.reponses, maintenant=quand):
        lignes = [
            [ligne.libelle, _write_ligne(ligne)]
            for ligne in page.lignes
            if ligne.genre not in ("titre", "groupe")
        ]
        if lignes:
            blocs.append({"genre": "titre", "texte": page.titre or "Vos réponses"})
            blocs.append(_build_tableau(page.titre, ["Question", "Réponse"], lignes))
    return _compile(
        titre=f"Reçu de la réponse {reponse.numero}", surtitre=campagne.titre, blocs=blocs,
        maintenant=quand,
    )  # fmt: skip


def build_synthese(campagne: Campagne, extraits: dict[str, list[str]]) -> bytes:
    """Rend la synthèse publiée : le texte, la participation, chaque question."""
    chiffres = campagne.chiffres or {"total": 0, "participation": [], "questions": []}
    blocs: list[Bloc] = [dict(bloc) for bloc in parse_texte(strip_forme(campagne.synthese))]
    blocs += _list_blocs_participation(chiffres)
    for question in chiffres["questions"]:
        blocs.append({"genre": "titre", "texte": question["libelle"]})
        blocs += _list_blocs_question(question)
        textes = [texte[:TEXTE_MAX] for texte in extraits.get(question["champ"], [])]
        if textes:
            blocs.append({"genre": "liste", "elements": textes})
    return _compile(
        titre=f"Synthèse : {campagne.titre}",
        surtitre=f"{campagne.get_genre_display()}, {describe_dates(campagne)}",
        blocs=blocs, maintenant=campagne.depouillee_le or campagne.modifie_le,
    )  # fmt: skip


def _list_blocs_participation(chiffres: dict[str, Any]) -> list[Bloc]:
    blocs: list[Bloc] = [
        {"genre": "titre", "texte": "Qui a répondu"},
        {"genre": "paragraphe", "texte": f"Réponses déposées : {chiffres['total']}."},
    ]
    for tableau in chiffres["participation"]:
        lignes = [_write_groupe(ligne) for ligne in tableau["lignes"]]
        blocs.append(_build_tableau(tableau["titre"], ["Groupe", "Nombre", "Part"], lignes))
    return blocs


def _list_blocs_question(question: dict[str, Any]) -> list[Bloc]:
    nombre = question["repondu"]
    if question["genre"] == "choix" and question["lignes"]:
        lignes = [_write_groupe(ligne) for ligne in question["lignes"]]
        return [_build_tableau(question["libelle"], ["Réponse", "Nombre", "Part"], lignes)]
    if question["genre"] == "nombre" and question.get("mediane"):
        phrase = (
            f"{nombre} réponses ; médiane {question['mediane']}, minimum {question['minimum']},"
            f" maximum {question['maximum']} {question['unite']}"
        )
        return [{"genre": "paragraphe", "texte": f"{phrase.strip()}."}]
    suite = "" if question["genre"] == "texte" else " Moins de cinq : rien n’est montré."
    return [{"genre": "paragraphe", "texte": f"Réponses : {nombre}.{suite}"}]


def _write_groupe(ligne: dict[str, Any]) -> list[str]:
    nombre = CACHE if ligne["nombre"] is None else str(ligne["nombre"])
    return [ligne["libelle"], nombre, ligne["part"] or "–"]


def _write_ligne(ligne: Any) -> str:
    if ligne.genre == "piece":
        return "\n".join(str(piece.get("nom", "")) for piece in ligne.pieces) or "–"
    return str(ligne.texte)[:TEXTE_MAX] or "–"


def _list_depot(reponse: Reponse, quand: datetime) -> list[list[str]]:
    lignes = [
        ["Campagne", reponse.campagne.titre],
        ["Numéro", reponse.numero],
        ["Déposée le", f"{format_instant(quand)}, heure de Paris"],
    ]
    if reponse.nom_autorite:
        lignes.append(["Collectivité", reponse.nom_autorite])
    lignes.append(["Clôture de la campagne", format_jour(reponse.campagne.ferme_le or quand)])
    return lignes


def _get_depot(reponse: Reponse) -> datetime:
    if reponse.depose_le is None:
        raise ValueError(f"La réponse {reponse.pk} n’est pas déposée.")
    return reponse.depose_le


def _build_tableau(legende: str, entetes: list[str], lignes: list[list[str]]) -> Bloc:
    largeurs = [4, 6] if len(entetes) == 2 else [6, 2, 2]
    return {
        "genre": "tableau", "legende": legende or "Réponses", "entetes": entetes,
        "lignes": lignes, "largeurs": largeurs,
    }  # fmt: skip


def _compile(*, titre: str, surtitre: str, blocs: list[Bloc], maintenant: datetime) -> bytes:
    nom = str(settings.NOM_INSTALLATION)
    donnees = {
        "titre": titre, "surtitre": surtitre, "blocs": blocs, "pied": f"{nom} · {titre}",
        "couleur": ACCENT_PAR_DEFAUT,
        # Le paquet commun décrit toujours un émetteur ; ce document n’en montre pas l’en-tête.
        "collectivite": {"nom": nom, "adresse": "", "telephone": "", "site": ""},
    }  # fmt: skip
    return compile_pdf(GABARIT, donnees, titre=titre, maintenant=maintenant, auteur=nom)
