"""Verbes de `./socle normes actes` : lire, contrôler."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from socle.normes.actes.classification import Classification, read_classification
from socle.normes.actes.conformite import FICHIER, Schema, find_schema, load_schema
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.rapport import Anomalie, Niveau, Rapport, clean
from socle.normes.actes.xml import OCTETS_MAX
from socle.serveur.arguments import Analyseur
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe, count

LIGNES_MAX = 200
_CACHES = {"signature", "lignes", "genre", "decision", "nombre_annexes"}
_DOUBLES = {"nature": "nature_libelle", "matieres": "matiere"}  # dits mieux par l’autre
_LIBELLES = {
    "id_acte": "identifiant de l’acte", "numero": "numéro", "jour": "date", "matiere": "matière",
    "nature_libelle": "nature", "papier": "envoi sur papier", "reception": "reçu le",
    "classification_en_cours": "classification en cours", "departement": "département",
    "type_emetteur": "type d’émetteur", "telephone": "téléphone", "referent": "référent",
    "operateur": "opérateur", "depot": "déposé le", "illegalite": "illégalité",
    "pieces": "pièces", "precedent": "acte précédent", "emetteur": "émetteur", "detail": "détail",
    "collectivite": "collectivité", "siret_collectivite": "SIRET de la collectivité",
    "etablissement": "budget", "siret": "SIRET", "siren": "SIREN", "titre": "document",
    "poste": "poste comptable", "principal": "budget principal", "totaux_votes": "totaux votés",
    "nombre_lignes": "lignes", "numero_decision": "numéro de décision", "matieres": "matières",
}  # fmt: skip


def run_lire(options: Any, avance: Avance) -> Resultat:
    """Montre ce que le fichier contient, sans le juger."""
    rapport = _check(options, avance)
    lignes = list(_iter_lignes(rapport.contenu))
    if len(lignes) > LIGNES_MAX:
        lignes = [*lignes[:LIGNES_MAX], "… La suite est dans --json."]
    return Resultat(
        objet={
            "norme": "actes", "fichier": clean(options.fichier.name), "genre": rapport.genre,
            "titre": clean(rapport.titre), "contenu": rapport.contenu,
        },
        valide=True,
        phrases=[rapport.titre, *lignes],
    )  # fmt: skip


def run_controler(options: Any, avance: Avance) -> Resultat:
    """Contrôle la forme, les règles et la cohérence du fichier."""
    rapport = _check(
        options, avance,
        schema=_load_schema(options.schemas), classification=_load(options.classification),
        aujourd_hui=_read_jour(),
    )  # fmt: skip
    return build_resultat(rapport, options.fichier)


def build_resultat(rapport: Rapport, fichier: Path) -> Resultat:
    """Met un rapport en phrases."""
    erreurs = rapport.list_niveau(Niveau.ERREUR)
    verdict = (
        f"Valide. {rapport.titre}."
        if rapport.valide
        else f"{count(len(erreurs), 'erreur')}. {rapport.titre}."
    )
    return Resultat(
        objet={"fichier": clean(fichier.name), **rapport.to_json()},
        valide=rapport.valide,
        phrases=[clean(verdict), f"Forme comparée à : {rapport.schema}."],
        fautes=[_place(anomalie) for anomalie in erreurs],
        notes=[_place(anomalie) for anomalie in rapport.list_niveau(Niveau.AVERTISSEMENT)],
    )


def _check(options: Any, avance: Avance, **reperes: Any) -> Rapport:
    avance("Lecture…")
    with options.fichier.open("rb") as flux:
        rapport = check_fichier(flux, options.fichier.name, **reperes)
    if not rapport.lisible:
        [refus] = rapport.anomalies
        raise Inutilisable(refus.message, code=refus.code)
    return rapport


def _place(anomalie: Anomalie) -> tuple[str, str, str]:
    lieux = [
        anomalie.fichier,
        f"ligne {anomalie.ligne}" if anomalie.ligne else "",
        anomalie.champ,
    ]
    lieu = ", ".join(lieu for lieu in lieux if lieu) or "Fichier"
    cellule = f" Écrit : « {anomalie.cellule} »." if anomalie.cellule else ""
    return clean(lieu), anomalie.code, clean(f"{anomalie.message}{cellule}")


def _iter_lignes(contenu: Mapping[str, Any], marge: str = "  ") -> Iterator[str]:
    for cle, valeur in contenu.items():
        nom = _LIBELLES.get(cle, cle)
        if valeur is None or valeur in ("", [], {}) or cle in _CACHES:
            continue
        if _DOUBLES.get(cle) in contenu:
            continue
        if isinstance(valeur, Mapping):
            yield f"{marge}{nom} :"
            yield from _iter_lignes(valeur, f"{marge}  ")
        elif isinstance(valeur, list):
            yield f"{marge}{nom} : {_join(valeur)}"
        else:
            yield f"{marge}{nom} : {_say(valeur)}"


def _join(valeurs: list[Any]) -> str:
    return ", ".join(
        _name(valeur) if isinstance(valeur, Mapping) else str(valeur)
        for valeur in valeurs[:LIGNES_MAX]
    )


def _name(valeur: Mapping[str, Any]) -> str:
    """Un objet dans une liste : son nom, sinon ses valeurs."""
    return str(valeur.get("nom") or valeur.get("libelle") or " ".join(map(str, valeur.values())))


def _say(valeur: object) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return str(valeur)


def _load_schema(dossier: Path | None) -> Schema | None:
    impose = dossier or os.environ.get("SOCLE_SCHEMAS")
    if not impose:
        return None
    chemin = find_schema(Path(impose))
    if chemin is None and dossier:
        raise Inutilisable(f"Le dossier « {dossier} » ne contient pas {FICHIER}.", code="schema")
    try:
        return load_schema(chemin) if chemin else None
    except ActeIllisible as refus:
        raise Inutilisable(refus.message, code=refus.code) from refus


def _load(chemin: Path | None) -> Classification | None:
    if chemin is None:
        return None
    with chemin.open("rb") as flux:
        octets = flux.read(OCTETS_MAX + 1)
    try:
        return read_classification(octets)
    except ActeIllisible as refus:
        raise Inutilisable(f"Classification : {refus.message}", code=refus.code) from refus


def _read_jour() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Paris")).date()  # noqa: TID251  une commande


def _prepare_controler(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--classification", type=Path, metavar="XML",
        help="classification de la préfecture : juge les matières et les pièces",
    )  # fmt: skip
    analyseur.add_argument(
        "--schemas", type=Path, metavar="DOSSIER",
        help=f"dossier où vous avez rangé {FICHIER} (sinon SOCLE_SCHEMAS)",
    )  # fmt: skip


_FICHIER = "archive tar.gz, message, enveloppe, classification ou budget TotEM"
VERBES = {
    "lire": Verbe("montre ce que contient un fichier @CTES", run_lire, fichier=_FICHIER),
    "controler": Verbe(
        "contrôle un envoi au contrôle de légalité, ou un retour", run_controler,
        _prepare_controler, fichier=_FICHIER,
    ),
}  # fmt: skip
