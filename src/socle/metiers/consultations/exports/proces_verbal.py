"""Le procès-verbal d’un jury en PDF/UA : composition, déclarations, déports, classement."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT
from socle.fondations.commun.pdf import compile_pdf
from socle.fondations.commun.textes import (
    format_euros,
    format_instant,
    format_jour,
    format_jour_court,
)
from socle.metiers.consultations.exports.evaluation import GABARIT, Bloc, build_tableau
from socle.metiers.consultations.models import Deport, Jure, Resultat
from socle.metiers.consultations.queries.evaluation_equipe import ProcesVerbal

PAS_ENCORE = "Pas encore"


def build_pdf(proces: ProcesVerbal, *, maintenant: datetime) -> bytes:
    """Rend le procès-verbal tel qu’il est à cet instant ; rien ne bouge après les résultats."""
    campagne, nom = proces.instruction.campagne, str(settings.NOM_INSTALLATION)
    titre = f"Procès-verbal du jury : {campagne.titre}"
    donnees = {
        "titre": titre,
        "surtitre": f"{campagne.get_genre_display()}, établi le {format_jour(maintenant)}",
        "blocs": list(_iter_blocs(proces)),
        "pied": f"{nom} · {titre}",
        "couleur": ACCENT_PAR_DEFAUT,
        "collectivite": {"nom": nom, "adresse": "", "telephone": "", "site": ""},
    }
    return compile_pdf(GABARIT, donnees, titre=titre, maintenant=maintenant, auteur=nom)


def _iter_blocs(proces: ProcesVerbal) -> Iterator[Bloc]:
    yield build_tableau("Étapes", ["Étape", "Quand"], _list_etapes(proces), [2, 3])
    yield {"genre": "titre", "texte": "Membres et intérêts déclarés"}
    yield from _write_tableau(
        "Membres du jury", ["Membre", "Collège", "Fonction", "Déclaration"],
        [_write_jure(jure) for jure in proces.jures], [3, 2, 2, 4],
        "Personne n’est encore au jury.",
    )  # fmt: skip
    yield {"genre": "titre", "texte": "Déports"}
    yield from _write_tableau(
        "Membres qui n’ont ni vu ni noté un dossier", ["Dossier", "Membre", "Pourquoi", "Constaté"],
        [_write_deport(deport) for deport in proces.deports], [2, 3, 4, 2],
        "Aucun membre n’a eu à se retirer d’un dossier.",
    )  # fmt: skip
    yield {"genre": "titre", "texte": "Dossiers irrecevables"}
    yield from _write_tableau(
        "Dossiers irrecevables", ["Dossier", "Déposant", "Raison"],
        [[j.reponse.numero, j.reponse.nom_montre, j.motif] for j in proces.irrecevables],
        [2, 3, 5], "Aucun.",
    )  # fmt: skip
    yield {"genre": "titre", "texte": "Classement arrêté"}
    yield from _write_tableau(
        "Dossiers, du mieux classé au dernier", ["Dossier", "Note", "Rang", "Décision", "Raisons"],
        [_write_resultat(resultat) for resultat in proces.resultats], [4, 2, 2, 3, 5],
        "La délibération n’est pas ouverte.",
    )  # fmt: skip


def _list_etapes(proces: ProcesVerbal) -> list[list[str]]:
    instruction, grille = proces.instruction, proces.grille
    instants = {
        "Notation ouverte": instruction.ouverte_le,
        "Délibération ouverte": instruction.deliberation_le,
        "Résultats arrêtés": instruction.validee_le,
        "Résultats publiés": instruction.publiee_le,
    }
    college = ", dont une de chaque collège" if instruction.par_college else ""
    motif = f" : {grille.motif}" if grille.motif else ""
    return [
        *([nom, format_instant(quand) if quand else PAS_ENCORE] for nom, quand in instants.items()),
        ["Grille", f"Version {grille.version}{motif}"],
        ["Quorum", f"{instruction.quorum} notes signées{college}"],
    ]


def _write_jure(jure: Jure) -> list[str]:
    fonction = jure.get_fonction_display()
    if jure.remplace:
        fonction += f", remplace {jure.remplace.organisation}"
    if jure.sorti_le:
        fonction += f", sorti le {format_jour_court(jure.sorti_le)} : {jure.motif_sortie}"
    declaration = "Pas encore faite"
    if jure.declare_le:
        interets = jure.interets or "Aucun intérêt"
        declaration = f"{interets} (le {format_jour_court(jure.declare_le)})"
    membre = f"{jure.compte.nom_affiche}, {jure.organisation}"
    return [membre, jure.get_college_display(), fonction, declaration]


def _write_deport(deport: Deport) -> list[str]:
    raison = ". ".join(filter(None, [deport.get_origine_display(), deport.motif]))
    if deport.leve_le:
        raison += f" Levé le {format_jour_court(deport.leve_le)} : {deport.motif_levee}"
    membre = deport.jure.compte.nom_affiche
    return [deport.reponse.numero, membre, raison, format_jour_court(deport.constate_le)]


def _write_resultat(resultat: Resultat) -> list[str]:
    rang = "Éliminé" if resultat.rang is None else str(resultat.rang)
    if resultat.rang != resultat.rang_calcule:
        rang += f" (calculé : {resultat.rang_calcule})"
    decision = resultat.get_issue_display() or "À décider"
    if resultat.montant:
        decision += f", {format_euros(resultat.montant)}"
    raisons = " ".join(
        filter(None, [resultat.motif_rang, resultat.motivation, resultat.conditions])
    )
    note = "–" if resultat.score is None else str(resultat.score).replace(".", ",")
    dossier = f"{resultat.reponse.nom_montre}, {resultat.reponse.numero}"
    return [dossier, note, rang, decision, raisons or "–"]


def _write_tableau(
    legende: str, entetes: list[str], lignes: list[list[str]], largeurs: list[int], sinon: str
) -> Iterator[Bloc]:
    """Un tableau, ou la phrase qui dit qu’il n’y a rien."""
    if lignes:
        yield build_tableau(legende, entetes, lignes, largeurs)
    else:
        yield {"genre": "paragraphe", "texte": sinon}
