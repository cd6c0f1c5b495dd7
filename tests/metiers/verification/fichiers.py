"""Fichiers d’essai, faits à la main."""

import io
import tarfile
import zipfile

ENTETE = "COLL_NOM,COLL_SIRET,DELIB_ID,DELIB_DATE,DELIB_MATIERE_CODE,DELIB_MATIERE_NOM,DELIB_OBJET"
LIGNE = "Clamart,21920023500014,2026-{rang},{jour},2.1,Urbanisme/documents,{objet}"
BAL = "cle_interop;commune_insee;commune_nom;voie_nom;numero;suffixe;x;y;long;lat;position\n"


def build_deliberations(*jours: str, objet: str = "Plan") -> bytes:
    """Un tableau de délibérations, une par jour donné."""
    lignes = [LIGNE.format(rang=rang, jour=jour, objet=objet) for rang, jour in enumerate(jours, 1)]
    return "\n".join([ENTETE, *lignes, ""]).encode()


def build_zip(*noms: str, contenu: bytes = b"x") -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom in noms:
            archive.writestr(nom, contenu)
    return tampon.getvalue()


def build_tar(*noms: str) -> bytes:
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w:gz") as archive:
        for nom in noms:
            fiche = tarfile.TarInfo(nom)
            fiche.size = 700
            archive.addfile(fiche, io.BytesIO(b"x" * 700))
    return tampon.getvalue()


def build_bombe(nom: str) -> bytes:
    """Une archive de quelques centaines de Ko qui en déploie 300 Mo."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(nom, "w") as f:
        for _ in range(300):
            f.write(b"<a>" + b" " * 1_000_000)
    return tampon.getvalue()
