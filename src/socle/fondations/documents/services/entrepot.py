"""L’entrepôt : les octets, rangés sous leur empreinte, sur le disque ou dans un seau S3.

Un contenu est écrit en entier, forcé sur le disque, puis mis à sa place d’un seul geste : un arrêt
brutal laisse un fichier provisoire, que le nettoyage ôte, jamais un contenu à moitié écrit.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings

from socle.fondations.documents.errors import (
    DocumentTropLourd,
    DocumentVide,
    EntrepotIndisponible,
    TypeRefuse,
)
from socle.fondations.documents.models import Document, build_chemin
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.services.formats import FAMILLES, Format, detect_format

MORCEAU = 1024 * 1024
PROVISOIRES = ".depots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contenu:
    """Un fichier déjà rangé, pas encore inscrit en base."""

    sha256: str
    taille: int
    format: Format


class Entrepot(Protocol):
    """Où vivent les octets. `chemin` vient toujours de `models.build_chemin`."""

    def store(self, provisoire: Path, chemin: str) -> None: ...
    def open(self, chemin: str, debut: int = 0, fin: int | None = None) -> BinaryIO: ...
    def delete(self, chemin: str, *, avant: float) -> bool: ...
    def iter_chemins(self, collectivite_id: int) -> Iterator[str]: ...


class EntrepotDisque:
    """Dossier `documents` des données de l’installation."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine

    def store(self, provisoire: Path, chemin: str) -> None:
        place = self.racine / chemin
        place.parent.mkdir(parents=True, exist_ok=True)
        provisoire.replace(place)  # même contenu déjà là : sa date devient celle d’aujourd’hui
        _sync_dossier(place.parent)

    def open(self, chemin: str, debut: int = 0, fin: int | None = None) -> BinaryIO:
        fichier = (self.racine / chemin).open("rb")
        fichier.seek(debut)
        return fichier

    def delete(self, chemin: str, *, avant: float) -> bool:
        """Supprime un contenu plus vieux que `avant` (secondes Unix).

        Écarté puis daté : s’il vient d’être redéposé, il revient à sa place.
        """
        place = self.racine / chemin
        ecarte = self.racine / PROVISOIRES / f"{place.name}.ecarte.{os.getpid()}"
        try:
            ecarte.parent.mkdir(parents=True, exist_ok=True)
            place.rename(ecarte)
        except FileNotFoundError:
            return False
        if ecarte.stat().st_mtime >= avant and not place.exists():
            ecarte.rename(place)
            return False
        ecarte.unlink()
        return True

    def iter_chemins(self, collectivite_id: int) -> Iterator[str]:
        for fichier in (self.racine / str(collectivite_id)).glob("??/??/*"):
            yield fichier.relative_to(self.racine).as_posix()


class EntrepotS3:
    """Seau compatible S3, par django-storages. boto3 n’est chargé qu’ici."""

    def __init__(self) -> None:
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415  lourd
        from botocore.config import Config  # noqa: PLC0415
        from storages.backends.s3 import S3Storage  # noqa: PLC0415

        self.stockage = S3Storage(
            endpoint_url=settings.S3_ADRESSE,
            bucket_name=settings.S3_SEAU,
            access_key=settings.S3_CLE,
            secret_key=settings.S3_SECRET,
            transfer_config=TransferConfig(multipart_threshold=16 * MORCEAU, max_concurrency=2),
            client_config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3},
                signature_version="s3v4",
                s3={"addressing_style": "path"},
            ),
        )

    def _get_objet(self, chemin: str) -> Any:
        return self.stockage.bucket.Object(chemin)

    def store(self, provisoire: Path, chemin: str) -> None:
        with _translate_pannes():
            self._get_objet(chemin).upload_file(
                str(provisoire), Config=self.stockage.transfer_config
            )
        provisoire.unlink()

    def open(self, chemin: str, debut: int = 0, fin: int | None = None) -> BinaryIO:
        plage = f"bytes={debut}-{'' if fin is None else fin}"
        with _translate_pannes():
            corps: BinaryIO = self._get_objet(chemin).get(Range=plage)["Body"]
        return corps

    def delete(self, chemin: str, *, avant: float) -> bool:
        with _translate_pannes():
            objet = self._get_objet(chemin)
            if objet.last_modified.timestamp() >= avant:
                return False
            objet.delete()
        return True

    def iter_chemins(self, collectivite_id: int) -> Iterator[str]:
        with _translate_pannes():
            for objet in self.stockage.bucket.objects.filter(Prefix=f"{collectivite_id}/"):
                yield objet.key


@contextmanager
def _translate_pannes() -> Iterator[None]:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except ClientError as cause:
        if cause.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
            raise FileNotFoundError from cause
        raise EntrepotIndisponible from cause
    except (BotoCoreError, Boto3Error) as cause:
        raise EntrepotIndisponible from cause


def get_entrepot() -> Entrepot:
    """Rend l’entrepôt que disent les réglages."""
    if settings.S3_ADRESSE:
        return _get_s3(settings.S3_ADRESSE, settings.S3_SEAU, settings.S3_CLE)
    return EntrepotDisque(get_racine())


@cache
def _get_s3(adresse: str, seau: str, cle: str) -> EntrepotS3:
    return EntrepotS3()


def get_racine() -> Path:
    """Dossier local : les contenus, et toujours les fichiers provisoires."""
    return Path(settings.DOSSIER_DONNEES) / "documents"


def write_contenu(
    *, collectivite_id: int, fichier: Any, nom: str, regles: Regles | None = None
) -> Contenu:
    """Range un fichier reçu, sans toucher à la base. À appeler hors transaction.

    Mémoire constante : le fichier passe par morceaux d’un mébioctet.

    Args:
        fichier: `UploadedFile` de Django, ou tout objet binaire avec `read`.
        nom: nom d’origine, pour départager les textes simples.

    Raises:
        DocumentVide, DocumentTropLourd, TypeRefuse: rien n’est rangé.
        EntrepotIndisponible: disque plein ou seau injoignable ; rien n’est rangé.
    """
    regles = regles or Regles()
    limite = min(regles.taille_max or settings.TAILLE_MAX_DOCUMENT, settings.TAILLE_MAX_DOCUMENT)
    with _open_provisoire() as provisoire:
        sha256, taille = _copy(fichier, provisoire, limite)
        format_ = _check_format(provisoire, nom, regles)
        with _refuse_disque_plein():
            os.fsync(provisoire.fileno())
            get_entrepot().store(Path(provisoire.name), build_chemin(collectivite_id, sha256))
    return Contenu(sha256=sha256, taille=taille, format=format_)


@contextmanager
def _open_provisoire() -> Iterator[Any]:
    """Fichier provisoire du même disque que l’entrepôt, ôté s’il n’a pas été mis à sa place."""
    dossier = get_racine() / PROVISOIRES
    with _refuse_disque_plein():
        dossier.mkdir(parents=True, exist_ok=True)
        fichier = tempfile.NamedTemporaryFile(dir=dossier, delete=False)  # noqa: SIM115
    try:
        yield fichier
    finally:
        fichier.close()
        Path(fichier.name).unlink(missing_ok=True)


def _copy(fichier: Any, provisoire: BinaryIO, limite: int) -> tuple[str, int]:
    somme, taille = hashlib.sha256(), 0
    with _refuse_disque_plein():
        for morceau in _iter_morceaux(fichier):
            taille += len(morceau)
            if taille > limite:
                raise DocumentTropLourd(limite)
            somme.update(morceau)
            provisoire.write(morceau)
        provisoire.flush()
    if taille == 0:
        raise DocumentVide
    return somme.hexdigest(), taille


def _iter_morceaux(fichier: Any) -> Iterator[bytes]:
    if hasattr(fichier, "chunks"):
        yield from fichier.chunks(MORCEAU)
        return
    while morceau := fichier.read(MORCEAU):
        yield morceau


def _check_format(provisoire: Any, nom: str, regles: Regles) -> Format:
    trouve = detect_format(provisoire, nom)
    familles = regles.familles or FAMILLES.keys()
    if isinstance(trouve, Format) and trouve.famille in familles:
        return trouve
    libelle = trouve.libelle if isinstance(trouve, Format) else trouve
    raise TypeRefuse(libelle, [FAMILLES[famille] for famille in FAMILLES if famille in familles])


@contextmanager
def _refuse_disque_plein() -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise EntrepotIndisponible from cause


def open_document(document: Document, debut: int = 0, fin: int | None = None) -> BinaryIO:
    """Ouvre le contenu en lecture, à partir de l’octet `debut`. À fermer par l’appelant.

    Raises:
        FileNotFoundError: le contenu n’est plus dans l’entrepôt.
        EntrepotIndisponible: le seau ne répond pas.
    """
    return get_entrepot().open(document.chemin, debut, fin)


def iter_contenu(document: Document, debut: int = 0, fin: int | None = None) -> Iterator[bytes]:
    """Lit les octets `debut` à `fin` compris, par morceaux d’un mébioctet."""
    reste = (document.taille if fin is None else fin + 1) - debut
    fichier = open_document(document, debut, fin)
    try:
        while reste > 0 and (morceau := fichier.read(min(MORCEAU, reste))):
            reste -= len(morceau)
            yield morceau
    finally:
        fichier.close()


def remove_provisoires(*, plus_vieux_que: float) -> int:
    """Ôte les fichiers provisoires qu’un arrêt brutal a laissés (âge en secondes)."""
    limite, nombre = time.time() - plus_vieux_que, 0
    for fichier in (get_racine() / PROVISOIRES).glob("*"):
        if fichier.stat().st_mtime < limite:
            fichier.unlink(missing_ok=True)
            nombre += 1
    return nombre


def _sync_dossier(dossier: Path) -> None:
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
