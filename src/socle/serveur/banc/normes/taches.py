"""Ce qui se mesure dans un processus à soi : `python -m socle.serveur.banc.normes.taches TÂCHE …`.

Chaque tâche écrit `{"secondes": …}` : le temps du geste seul, sans le démarrage.
"""

import hashlib
import json
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from socle.serveur.console import show

OBJETS, OCTETS = 10_000, 50_000
ACTES = 50
JEUX = 500
ENTREES = 100_000


def write_seda(chemin: str, unites: str, octets: str) -> float:
    """Écrit un SIP, sans compression."""
    from socle.normes.seda.paquet import write_sip
    from socle.serveur.banc.normes.fabrique import build_transfert

    transfert = build_transfert(int(unites), int(octets))
    debut = time.perf_counter()
    with Path(chemin).open("w+b") as flux:
        write_sip(flux, transfert)
    return time.perf_counter() - debut


def write_reference(chemin: str, unites: str, octets: str) -> float:
    """Le moins que l’on puisse faire : SHA-512 et zipfile sans compression des mêmes objets."""
    from socle.serveur.banc.normes.fabrique import build_ouvreur

    debut = time.perf_counter()
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_STORED) as archive:
        for rang in range(int(unites)):
            contenu = build_ouvreur(rang, int(octets))().read()
            archive.writestr(f"content/{hashlib.sha512(contenu).hexdigest()}.pdf", contenu)
    return time.perf_counter() - debut


def check_seda(chemin: str) -> float:
    """Contrôle un SIP ; le temps de lire et d’empreindre ses objets est ôté."""
    from socle.normes.seda.controles import check_sip
    from socle.normes.seda.emplacement import Schematheque

    debut = time.perf_counter()
    rapport = check_sip(Path(chemin), schemas=Schematheque())
    controle = time.perf_counter() - debut
    if not (rapport.is_acceptable and rapport.schema_verifie):
        raise SystemExit(f"Le versement du banc est refusé : {next(rapport.iter_defauts())}")
    return controle - hash_objets(chemin)


def hash_objets(chemin: str) -> float:
    """Temps de lire et d’empreindre les objets d’un SIP."""
    debut = time.perf_counter()
    with zipfile.ZipFile(chemin) as archive:
        for nom in archive.namelist():
            if nom != "manifest.xml":
                hashlib.sha512(archive.read(nom)).digest()
    return time.perf_counter() - debut


def write_actes(_chemin: str) -> float:
    """Un acte écrit, mis sous enveloppe, archivé, contrôlé : temps d’un acte."""
    from socle.normes.actes import modele as m
    from socle.normes.actes.controle import check_fichier
    from socle.normes.actes.transmission import Emetteur, Envoi, Piece, write_transmission

    acte = m.Acte(
        numero="2026_001", jour=date(2026, 11, 20), nature=1, matieres=("7", "1"),
        objet="Débat sur les orientations budgétaires", classification=date(2017, 12, 8),
        document=m.Fichier(nom="acte.pdf"),
    )  # fmt: skip
    emetteur = Emetteur(
        siren="213502388", departement="035", arrondissement="1", type_emetteur="31",
        courriels=("actes@commune.test",),
        referent=m.Referent(
            nom="Assemblées", telephone="0200000000", courriel="actes@commune.test"
        ),
    )  # fmt: skip
    piece = Piece(typologie="99_DE", extension="pdf", contenu=b"%PDF-1.7\n" + bytes(200_000))

    def write(serie: int) -> None:
        envoi = Envoi(jour=date(2026, 11, 21), serie=serie)
        depot = write_transmission(emetteur=emetteur, acte=acte, document=piece, envoi=envoi)
        rapport = check_fichier(depot.octets, depot.nom)
        if not rapport.valide:
            raise SystemExit(f"L’acte du banc est refusé : {rapport.anomalies[0]}")

    write(1)
    debut = time.perf_counter()
    for serie in range(1, ACTES + 1):
        write(serie)
    return (time.perf_counter() - debut) / ACTES


def seal_preuve(_chemin: str, nombre: str) -> float:
    """Empreintes et arbre de `nombre` entrées, racine comprise."""
    from socle.normes.preuve.merkle import hash_feuille
    from socle.normes.preuve.tuiles import ArbreEnMemoire

    entrees = [b'{"action":"dossier.depose","rang":%d}' % rang for rang in range(int(nombre))]
    debut = time.perf_counter()
    arbre = ArbreEnMemoire([hash_feuille(entree) for entree in entrees])
    _ = arbre.racine
    return time.perf_counter() - debut


def prove_une(_chemin: str, nombre: str) -> float:
    """Preuve d’inclusion d’une entrée, écrite puis vérifiée : la moyenne de cent."""
    from socle.normes.preuve.merkle import hash_feuille, verify_inclusion
    from socle.normes.preuve.tuiles import ArbreEnMemoire

    taille = int(nombre)
    feuilles = [hash_feuille(b"%d" % rang) for rang in range(taille)]
    arbre = ArbreEnMemoire(feuilles)
    racine = arbre.racine
    rangs = [rang * taille // 100 for rang in range(100)]
    debut = time.perf_counter()
    for rang in rangs:
        chemin = arbre.build_inclusion(rang, taille)
        verify_inclusion(feuilles[rang], rang, taille, chemin, racine)
    return (time.perf_counter() - debut) / len(rangs)


def write_dcat(_chemin: str) -> float:
    """Un catalogue de 500 jeux, une distribution chacun, en Turtle."""
    from socle.serveur.banc.normes.catalogue import build_catalogue, write_catalogue

    catalogue = build_catalogue(JEUX)
    debut = time.perf_counter()
    write_catalogue(catalogue)
    return time.perf_counter() - debut


TACHES: dict[str, Callable[..., float]] = {
    "seda_ecrire": write_seda, "seda_reference": write_reference, "seda_controler": check_seda,
    "actes": write_actes, "preuve_sceller": seal_preuve, "preuve_une": prove_une,
    "dcat": write_dcat,
}  # fmt: skip

if __name__ == "__main__":
    show(json.dumps({"secondes": TACHES[sys.argv[1]](*sys.argv[2:])}))
