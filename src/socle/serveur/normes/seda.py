"""Verbes de `./socle normes seda` : controler, generer, profil."""

import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from socle.normes.seda.controles import Attentes, Rapport, Statut, check_sip
from socle.normes.seda.controles.profil_rng import Profil, ProfilRefuse, load_profil
from socle.normes.seda.controles.rapport import Controle
from socle.normes.seda.controles.referentiels import ReferentielIllisible, load_referentiels
from socle.normes.seda.controles.regles import NIVEAUX_LEGAUX
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.formats import open_identifieur
from socle.serveur.arguments import Analyseur
from socle.serveur.dossier import DossierDonnees
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe, count
from socle.serveur.normes.seda_message import check_message, is_message

RNG_MAX = 16 << 20


def run_controler(options: Any, avance: Avance) -> Resultat:
    """Contrôle un paquet comme le ferait le système d’archivage, sans le déployer."""
    if not options.fichier.stat().st_size:
        raise Inutilisable("Ce fichier est vide.", code="CHECK_CONTAINER")
    schemas = build_schematheque(options.schemas)
    if is_message(options.fichier):
        return check_message(options.fichier, schemas, vitam=not options.strict)
    ignores: list[str] = []
    with ExitStack() as pile:
        identifieur = None
        if options.formats:
            identifieur = pile.enter_context(open_identifieur())
            if identifieur is None:
                raise Inutilisable("Pour --formats, il faut le paquet Python pygfried.")
        avance("Contrôle du paquet…")
        rapport = check_sip(
            options.fichier,
            schemas=schemas,
            attentes=_load_attentes(options, ignores),
            identifieur=identifieur,
            profil=_load_profil(options.profil),
        )
    resultat = build_resultat(rapport, options.fichier)
    resultat.notes += [("Référentiels", "referentiel", raison) for raison in ignores]
    return resultat


def build_schematheque(dossier: Path | None = None) -> Schematheque:
    """Schémas de l’installation, puis de `SOCLE_SCHEMAS`, puis notre grammaire."""
    impose = dossier or os.environ.get("SOCLE_SCHEMAS")
    if impose and not Path(impose).is_dir():
        raise Inutilisable(f"Le dossier de schémas « {impose} » n’existe pas.", code="schemas")
    return Schematheque(DossierDonnees.choose().chemin, Path(impose) if impose else None)


def build_resultat(rapport: Rapport, fichier: Path) -> Resultat:
    """Met un rapport en événements et en phrases."""
    defauts = list(rapport.iter_defauts())
    fautes = [_to_faute(c) for c in defauts if c.statut is Statut.KO]
    notes = [_to_faute(c) for c in defauts if c.statut is Statut.WARNING]
    return Resultat(
        objet={
            "norme": "seda",
            "fichier": fichier.name,
            "valide": rapport.is_acceptable,
            "statut": rapport.statut.value,
            "version": rapport.version,
            "schema": rapport.schema,
            "nombre_unites": rapport.nombre_unites,
            "nombre_objets": rapport.nombre_objets,
            "evenements": [_to_evenement(controle) for controle in rapport.controles],
        },
        valide=rapport.is_acceptable,
        phrases=_say(rapport, len(fautes), len(notes)),
        fautes=fautes,
        notes=notes,
    )


def _to_evenement(controle: Controle) -> dict[str, str]:
    message = controle.message or f"{controle.nom} : rien à redire."
    return {
        "code": controle.code,
        "statut": controle.statut.value,
        "message": message,
        "lieu": controle.lieu,
    }


def _to_faute(controle: Controle) -> tuple[str, str, str]:
    return controle.lieu or controle.nom, controle.code, controle.message


def _say(rapport: Rapport, fautes: int, notes: int) -> list[str]:
    if not rapport.is_acceptable:
        verdict = f"Paquet refusé : {fautes} faute{'s' if fautes > 1 else ''}."
    else:
        remarques = f", {count(notes, 'remarque')}" if notes else ""
        verdict = f"Paquet accepté{remarques}."
    phrases = [verdict]
    if rapport.version:
        phrases.append(
            f"SEDA {rapport.version} : {count(rapport.nombre_unites, 'unité')}, "
            f"{count(rapport.nombre_objets, 'objet')}."
        )
    if rapport.schema:
        phrases.append(f"Bordereau comparé à : {rapport.schema}.")
    return phrases


def _load_attentes(options: Any, ignores: list[str]) -> Attentes:
    attentes = Attentes(extensions_vitam=not options.strict)
    try:
        attentes = load_referentiels(options.referentiel or (), attentes, ignores=ignores)
    except ReferentielIllisible as refus:
        raise Inutilisable(str(refus), code="referentiel") from refus
    if attentes.niveaux_de_classification is None:
        return replace(attentes, niveaux_de_classification=NIVEAUX_LEGAUX)
    return attentes


def _load_profil(chemin: Path | None) -> Profil | None:
    if chemin is None:
        return None
    with chemin.open("rb") as flux:
        octets = flux.read(RNG_MAX + 1)
    try:
        return load_profil(octets)
    except ProfilRefuse as refus:
        raise Inutilisable(str(refus), code="profil") from refus


def _prepare_controler(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--referentiel",
        type=Path,
        action="append",
        metavar="CHEMIN",
        help="fichier ou dossier de référentiels du service d’archives ; répétable",
    )
    analyseur.add_argument(
        "--profil", type=Path, metavar="RNG", help="profil d’archivage que le bordereau doit suivre"
    )
    analyseur.add_argument(
        "--formats", action="store_true", help="reconnaît le format de chaque fichier (PRONOM)"
    )
    analyseur.add_argument(
        "--strict", action="store_true", help="refuse les extensions que Vitam ajoute au SEDA"
    )
    analyseur.add_argument(
        "--schemas",
        type=Path,
        metavar="DOSSIER",
        help="dossier des schémas officiels (sinon SOCLE_SCHEMAS)",
    )


def run_generer(options: Any, avance: Avance) -> Resultat:
    """Écrit le paquet décrit, puis le contrôle."""
    from socle.normes.seda.description import OCTETS_MAX, DescriptionInvalide, read_description
    from socle.normes.seda.paquet import Compression, write_sip

    sortie = options.sortie or options.fichier.with_suffix(".zip")
    if sortie.exists() and sortie.samefile(options.fichier):
        raise Inutilisable("Donnez à --sortie un autre nom que celui de la description.")
    with options.fichier.open("rb") as flux:
        octets = flux.read(OCTETS_MAX + 1)
    compression = Compression.RAPIDE if options.compresser else Compression.AUCUNE
    avance("Écriture du paquet…")
    try:
        transfert = read_description(octets, options.fichier.parent)
        with open_identifieur() as identifieur, sortie.open("wb") as paquet:
            write_sip(paquet, transfert, identifieur=identifieur, compression=compression)
    except DescriptionInvalide as refus:
        lieu = f"{refus.lieu} : " if refus.lieu else ""
        raise Inutilisable(f"{lieu}{refus.message}", code="description") from refus
    except ValueError as cause:
        sortie.unlink(missing_ok=True)
        raise Inutilisable(str(cause), code="description") from cause
    rapport = check_sip(sortie, schemas=build_schematheque(), attentes=Attentes())
    resultat = build_resultat(rapport, sortie)
    resultat.phrases.insert(0, f"Paquet écrit dans {sortie}.")
    resultat.objet = {**resultat.objet, "sortie": str(sortie)}
    return resultat


def _prepare_generer(analyseur: Analyseur) -> None:
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="paquet à écrire")
    analyseur.add_argument(
        "--compresser", action="store_true", help="compresse ce qui ne l’est pas déjà"
    )


def run_profil(options: Any, avance: Avance) -> Resultat:
    """Vérifie un profil ; abstrait, le compile et l’éprouve."""
    from socle.serveur.normes.seda_profil import run

    return run(options, avance)


def _prepare_profil(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--sortie", type=Path, metavar="DOSSIER", help="où écrire ce que le profil produit"
    )


VERBES = {
    "controler": Verbe(
        "contrôle un paquet SIP, avec les codes de Vitam, ou un message",
        run_controler,
        _prepare_controler,
        fichier="paquet ZIP ou TAR, ou message XML seul",
    ),
    "generer": Verbe(
        "écrit un paquet SIP depuis sa description",
        run_generer,
        _prepare_generer,
        fichier="description du versement (JSON)",
    ),
    "profil": Verbe(
        "vérifie, compile et éprouve un profil d’archivage",
        run_profil,
        _prepare_profil,
        fichier="profil abstrait (JSON) ou Relax NG",
    ),
}
