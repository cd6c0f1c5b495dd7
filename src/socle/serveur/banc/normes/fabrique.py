"""Les fichiers mesurés : toujours les mêmes, octet pour octet, pour une taille donnée."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from socle.normes.bal.projections import project
from socle.normes.scdl.definitions import get_schema
from socle.normes.seda.modele import (
    Contenu,
    GestionDuVersement,
    GroupeObjets,
    ObjetBinaire,
    Transfert,
    Unite,
)

SCHEMA = "scdl/deliberations"
FAUTIVE = 50  # une ligne sur cinquante : 2 %
MATIERES = ("2.1,Urbanisme/Documents d urbanisme", "7.1,Finances locales/Décisions budgétaires")
FAUTES = (
    {"DELIB_DATE": "21/11/2026"},
    {"COLL_SIRET": "21920023500015"},
    {"DELIB_MATIERE_CODE": "urbanisme"},
    {"VOTE_POUR": "trente"},
    {"DELIB_OBJET": ""},
)
BAL = (
    "cle_interop;id_ban_commune;id_ban_toponyme;id_ban_adresse;commune_insee;commune_nom;voie_nom;"
    "lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;cad_parcelles;source;date_der_maj;"
    "certification_commune"
)


def write_deliberations(chemin: Path, lignes: int) -> None:
    """Des délibérations complètes, dont 2 % fautives, de cinq façons."""
    noms = [champ.nom for champ in get_schema(SCHEMA).champs]
    debut = date(2020, 1, 1)
    with chemin.open("w", encoding="utf-8") as flux:
        flux.write(",".join(noms) + "\n")
        for rang in range(lignes):
            jour = debut + timedelta(days=rang % 2000)
            code, matiere = MATIERES[rang % 2].split(",")
            ligne = {
                "COLL_NOM": "Ville de Clamart", "COLL_SIRET": "21920023500014",
                "DELIB_ID": f"{jour.year}-{rang:07}", "DELIB_DATE": str(jour),
                "DELIB_MATIERE_CODE": code, "DELIB_MATIERE_NOM": matiere,
                "DELIB_OBJET": f"Approbation de la convention numéro {rang} avec le département",
                "BUDGET_ANNEE": str(jour.year), "BUDGET_NOM": "Budget principal",
                "PREF_ID": f"092-219200235-{rang}", "PREF_DATE": str(jour + timedelta(days=3)),
                "VOTE_EFFECTIF": "45", "VOTE_REEL": "40", "VOTE_POUR": "33", "VOTE_CONTRE": "4",
                "VOTE_ABSTENTION": "3", "DELIB_URL": f"https://www.clamart.fr/actes/{rang}.pdf",
            }  # fmt: skip
            if rang % FAUTIVE == 0:
                ligne |= FAUTES[rang // FAUTIVE % len(FAUTES)]
            flux.write(",".join(ligne[nom] for nom in noms) + "\n")


def write_descripteur(chemin: Path) -> None:
    """Notre définition, écrite en Table Schema pour les pairs."""
    schema = get_schema(SCHEMA)
    champs = [
        {"name": c.nom, "type": c.type, "format": c.format, "constraints": dict(c.contraintes)}
        for c in schema.champs
    ]
    controles = [{"name": c.nom, "params": dict(c.parametres)} for c in schema.controles]
    chemin.write_text(json.dumps({"fields": champs, "custom_checks": controles}))


def write_bal(chemin: Path, lignes: int) -> None:
    """Une commune de `lignes` adresses, dont 2 % fautives."""
    with chemin.open("w", encoding="utf-8") as flux:
        flux.write(BAL + "\n")
        for rang in range(lignes):
            voie, numero = divmod(rang, 200)
            jour = "9 nov. 2020" if rang % FAUTIVE == 0 else "2026-10-01"
            long, lat = 2.26 + numero / 1e5, 48.8 + voie / 1e5
            x, y = project(long, lat) or (0.0, 0.0)
            flux.write(
                f"92023_{voie:04}_{numero + 1:05};;;;92023;Clamart;Rue Jean Jaurès {voie};;"
                f"{numero + 1};;entrée;{x:.2f};{y:.2f};{long:.6f};{lat:.6f};92023000AB0{numero:03};"
                f"Mairie de Clamart;{jour};1\n"
            )


def build_transfert(unites: int, octets: int) -> Transfert:
    """Un versement à plat : une unité par objet ; sans octets, des unités seules."""
    return Transfert(
        identifiant="banc",
        date=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        accord="IC-000001",
        service_archives="AD92",
        service_versant="CLAMART",
        gestion=GestionDuVersement(service_producteur="CLAMART"),
        groupes=_iter_groupes(unites, octets) if octets else (),
        unites=(
            Unite(
                identifiant=f"U{rang}",
                contenu=Contenu(titre=f"Délibération {rang}"),
                groupe=f"G{rang}" if octets else "",
            )
            for rang in range(unites)
        ),
    )


def _iter_groupes(nombre: int, octets: int) -> Iterator[GroupeObjets]:
    for rang in range(nombre):
        objet = ObjetBinaire(
            identifiant=f"O{rang}", nom=f"{rang}.pdf", ouvrir=build_ouvreur(rang, octets)
        )
        yield GroupeObjets(identifiant=f"G{rang}", objets=(objet,))


def build_ouvreur(rang: int, octets: int) -> Callable[[], BinaryIO]:
    """De quoi ouvrir l’objet `rang` : des octets à lui, les mêmes à chaque fois."""
    return lambda: io.BytesIO(b"%%PDF-1.7 %012d " % rang + b"\0" * (octets - 22))
