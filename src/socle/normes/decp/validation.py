"""Contrôler un fichier de données essentielles : le verdict officiel, et ce qu’il ne voit pas."""

from collections.abc import Callable
from dataclasses import replace

from socle.normes.decp.errors import DecpIllisible
from socle.normes.decp.lecture import Source, iterate_contrats, open_source
from socle.normes.decp.messages import show
from socle.normes.decp.rapport import Anomalie, Rapport
from socle.normes.decp.regles import iterate_remarques
from socle.normes.decp.reperes import find_lignes

Avance = Callable[[int], None]
PAS = 1000  # contrats entre deux nouvelles


def validate_decp(octets: bytes, *, nom: str = "", avance: Avance | None = None) -> Rapport:
    """Contrôle un fichier JSON ou XML ; ne lève jamais d’exception.

    Args:
        octets: le fichier, 32 Mo au plus.
        nom: nom du fichier, pour le rapport.
        avance: appelée tous les mille contrats avec leur nombre.

    Returns:
        Un rapport ; `lisible` est faux si le fichier n’a pas pu être lu jusqu’au bout.
    """
    rapport = Rapport(nom)
    source: Source | None = None
    try:
        source = open_source(octets)
        rapport.format = source.format
        _judge(source, rapport, avance)
    except DecpIllisible as refus:
        rapport.lisible = False
        rapport.add(Anomalie("illisible", refus.message, ligne=refus.ligne, officiel=False))
    if source and source.texte and rapport.lisible:
        _place(source, rapport)
    return rapport


def _judge(source: Source, rapport: Rapport, avance: Avance | None) -> None:
    vus: set[tuple[str, str, str]] = set()
    for nom, chemin, contrat in iterate_contrats(source, rapport):
        if nom == "marche":
            rapport.marches += 1
        else:
            rapport.concessions += 1
        for remarque in iterate_remarques(nom, contrat, chemin):
            rapport.warn(replace(remarque, ligne=source.lignes.get(remarque.chemin, 0)))
        cle = (nom, _read_texte(contrat.get("id")), _find_acheteur(contrat))
        if cle[1] and cle in vus:
            message = (
                "Ce contrat est déjà dans le fichier : gardez-en un seul, ses modifications dedans."
            )
            ligne = source.lignes.get(chemin, 0)
            rapport.warn(
                Anomalie("contrat-repete", message, chemin, ligne=ligne, contrat=show(cle[1]))
            )
        vus.add(cle)
        nombre = rapport.marches + rapport.concessions
        if avance and nombre % PAS == 0:
            avance(nombre)
    if not vus and rapport.valide:
        rapport.warn(Anomalie("vide", "Le fichier ne contient aucun contrat."))


def _find_acheteur(contrat: dict[str, object]) -> str:
    acheteur = contrat.get("acheteur") or contrat.get("autoriteConcedante")
    return _read_texte(acheteur.get("id")) if isinstance(acheteur, dict) else ""


def _read_texte(valeur: object) -> str:
    """Un texte court ; rien d’autre n’est converti, un inconnu y cacherait des listes sans fond."""
    return valeur[:64] if isinstance(valeur, str) else ""


def _place(source: Source, rapport: Rapport) -> None:
    """Retrouve les lignes d’un JSON, s’il y a quelque chose à en dire."""
    anomalies = (*rapport.erreurs, *rapport.avertissements)
    if anomalies:
        chemins = {anomalie.chemin for anomalie in anomalies if not anomalie.ligne}
        rapport.place(find_lignes(source.texte, chemins))
    for cle in sorted(source.repetees):
        message = (
            f"« {show(cle)} » est écrit deux fois dans un même objet : seul le dernier compte."
        )
        rapport.warn(Anomalie("doublon", message, champ=show(cle)))
