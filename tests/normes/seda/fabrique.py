"""Versements d’essai et paquets retouchés."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from socle.normes.seda.modele import (
    Agent,
    BlocDeRegles,
    Contenu,
    Evenement,
    Gestion,
    GestionDuVersement,
    GroupeObjets,
    Niveau,
    ObjetBinaire,
    Regle,
    SortFinal,
    Transfert,
    Unite,
)
from socle.normes.seda.paquet import Sip, write_sip

PIECES = {
    "accusé d’enregistrement.txt": b"Accus\xc3\xa9 n\xc2\xb0 44171\n",
    "justificatif.csv": b"mois;montant\n01;12,50\n",
}


def build_objet(nom: str, contenu: bytes, rang: int, **champs: object) -> ObjetBinaire:
    return ObjetBinaire(
        identifiant=f"O{rang}", nom=nom, ouvrir=lambda: io.BytesIO(contenu), **champs
    )


def build_transfert(pieces: dict[str, bytes] | None = None, **champs: object) -> Transfert:
    """Un dossier de cantine clos : une unité de dossier, une unité par pièce."""
    pieces = PIECES if pieces is None else pieces
    noms = list(enumerate(pieces, start=1))
    dossier = Unite(
        identifiant="U0",
        gestion=Gestion(
            sort_final=BlocDeRegles(
                regles=(Regle(code="SCO-CANTINE", depart=date(2026, 7, 4)),),
                action=SortFinal.DETRUIRE,
            ),
            acces=BlocDeRegles(regles=(Regle(code="ACC-00016", depart=date(2026, 7, 4)),)),
        ),
        contenu=Contenu(
            titre="Inscription à la restauration scolaire",
            niveau=Niveau.DOSSIER,
            identifiants_producteur=("219200235-2026-44171",),
            description="Demande de Camille Martin & décision de la ville",
            agents=(Agent(prenom="Camille", nom_naissance="Martin"),),
            debut=date(2026, 6, 1),
            fin=date(2026, 7, 4),
            evenements=(
                Evenement(
                    date=datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
                    code="dossier.depose",
                    resultat="OK",
                    donnees='{"canal":"internet"}',
                ),
            ),
        ),
        unites=tuple(
            Unite(identifiant=f"U{rang}", contenu=Contenu(titre=nom), groupe=f"G{rang}")
            for rang, nom in noms
        ),
    )
    defauts: dict[str, object] = {
        "identifiant": "219200235-2026-44171",
        "date": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "accord": "IC-000001",
        "service_archives": "AD92",
        "service_versant": "CLAMART",
        "gestion": GestionDuVersement(service_producteur="CLAMART-SCOLAIRE"),
        "groupes": [
            GroupeObjets(identifiant=f"G{rang}", objets=(build_objet(nom, pieces[nom], rang),))
            for rang, nom in noms
        ],
        "unites": [dossier],
    }
    return Transfert(**(defauts | champs))


def write_paquet(chemin: Path, transfert: Transfert | None = None, **options: object) -> Sip:
    with chemin.open("wb") as sortie:
        return write_sip(
            sortie, transfert or build_transfert(), **({"garde_groupes": True} | options)
        )


def read_manifeste(chemin: Path) -> str:
    with zipfile.ZipFile(chemin) as paquet:
        return paquet.read("manifest.xml").decode()


def remake(
    source: Path,
    cible: Path,
    *,
    manifeste: Callable[[str], str] = str,
    ajouts: dict[str, bytes] | None = None,
    noms: dict[str, str] | None = None,
    retraits: tuple[str, ...] = (),
) -> Path:
    """Recopie un paquet en changeant son bordereau, ses noms ou ses fichiers."""
    with zipfile.ZipFile(source) as avant, zipfile.ZipFile(cible, "w") as apres:
        for nom in avant.namelist():
            if nom in retraits:
                continue
            octets = avant.read(nom)
            if nom == "manifest.xml":
                change = manifeste(octets.decode())
                assert manifeste is str or change.encode() != octets, "la retouche n’a rien changé"
                octets = change.encode()
            apres.writestr((noms or {}).get(nom, nom), octets)
        for nom, octets in (ajouts or {}).items():
            apres.writestr(nom, octets)
    return cible
