"""Le schéma officiel de SEDA : un référentiel que l’on charge, avec sa source et son empreinte."""

import hashlib
import re
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection, transaction

from socle.fondations.referentiels.models import Referentiel
from socle.metiers.archivage.errors import SchemaRefuse
from socle.normes.seda import emplacement

CODE = "seda"
TAILLE_MAX = 2 * 1024 * 1024  # octets par fichier
ARCHIVE_MAX = 64 * 1024 * 1024
FICHIERS_MAX = 20
MEMBRES_MAX = 20_000
NOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.xsd")
_RENVOIS = ("include", "import", "redefine", "override")
_XSD = "{http://www.w3.org/2001/XMLSchema}"


def find_schema() -> Path | None:
    """Fichier principal du schéma officiel, s’il est chargé ; sinon None."""
    return emplacement.find_schema(Path(settings.DOSSIER_DONNEES))


def describe_schema() -> str:
    """Dit en quelques mots quel schéma sert ici ; rien s’il n’est pas chargé."""
    if find_schema() is None:
        return ""
    version = Referentiel.objects.filter(code=CODE, version=emplacement.VERSION).first()
    if version is None:
        return f"SEDA {emplacement.VERSION}, déposé à la main"
    return f"SEDA {version.version}, {version.source}, empreinte {version.empreinte[:16]}"


def load_seda(source: Path, *, origine: str, licence: str) -> tuple[Referentiel, bool]:
    """Charge le schéma officiel dans les données de l’installation et note sa version.

    Args:
        source: dossier, archive (wheel, zip, tar.gz) ou « seda-2.2-main.xsd » lui-même.
        origine, licence: d’où il vient et sous quelle licence, notés tels quels.

    Returns:
        La version, et vrai si elle vient de changer.

    Raises:
        SchemaRefuse: fichiers absents, trop gros, qui renvoient ailleurs, ou schéma mal formé.
    """
    fichiers = _collect(source, emplacement.VERSION)
    _check(fichiers, emplacement.VERSION)
    _install_autres(source)
    empreinte = _hash(fichiers)
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(hashtext('socle.referentiels.seda'))")
        connus = Referentiel.objects.filter(code=CODE, version=emplacement.VERSION)
        presente = connus.first()
        if presente and presente.empreinte == empreinte and find_schema():
            return presente, False
        version, _ = Referentiel.objects.update_or_create(
            code=CODE,
            version=emplacement.VERSION,
            defaults={
                "source": origine[:300],
                "licence": licence[:100],
                "empreinte": empreinte,
                "nombre": len(fichiers),
            },
        )
        _install(fichiers, emplacement.VERSION)
    return version, True


def _install_autres(source: Path) -> None:
    """Installe aussi les autres versions que la source porte ; abîmée, une version est laissée."""
    for version in emplacement.VERSIONS:
        if version == emplacement.VERSION or emplacement.find_schema(
            Path(settings.DOSSIER_DONNEES), version
        ):
            continue
        try:
            fichiers = _collect(source, version)
            _check(fichiers, version)
        except SchemaRefuse:
            continue
        _install(fichiers, version)


def _collect(source: Path, version: str) -> dict[str, bytes]:
    """Lit le fichier principal et ceux qu’il appelle, et eux seuls, sans rien extraire."""
    principal = emplacement.get_principal(version)
    with _open(source, principal) as noms:
        fichiers: dict[str, bytes] = {}
        attendus = [principal]
        while attendus:
            nom = attendus.pop()
            if nom in fichiers:
                continue
            if len(fichiers) >= FICHIERS_MAX:
                raise SchemaRefuse(f"Plus de {FICHIERS_MAX} fichiers dans le schéma.")
            fichiers[nom] = noms.read(nom)
            attendus += _list_renvois(nom, fichiers[nom])
    return fichiers


class _Noms:
    """Fichiers d’une source, par leur seul nom."""

    def __init__(self, source: Path) -> None:
        self.dossier = source if source.is_dir() else source.parent

    def read(self, nom: str) -> bytes:
        chemin = self.dossier / nom
        if chemin.is_symlink() or not chemin.is_file():
            raise SchemaRefuse(f"Il manque « {nom} ».")
        with chemin.open("rb") as flux:
            return _bound(flux.read(TAILLE_MAX + 1), nom)


class _NomsDeZip(_Noms):
    def __init__(self, archive: zipfile.ZipFile, principal: str) -> None:
        self.archive = archive
        if len(archive.infolist()) > MEMBRES_MAX:
            raise SchemaRefuse("Trop de fichiers dans l’archive.")
        self.prefixe = _find_prefixe(archive.namelist(), principal)

    def read(self, nom: str) -> bytes:
        try:
            with self.archive.open(f"{self.prefixe}{nom}") as flux:
                return _bound(flux.read(TAILLE_MAX + 1), nom)
        except KeyError as cause:
            raise SchemaRefuse(f"Il manque « {nom} ».") from cause


class _NomsDeTar(_Noms):
    def __init__(self, archive: tarfile.TarFile, principal: str) -> None:
        self.lus: dict[str, bytes] = {}
        for rang, membre in enumerate(archive):
            if rang >= MEMBRES_MAX or membre.offset_data + membre.size > ARCHIVE_MAX:
                raise SchemaRefuse("L’archive est trop grosse.")
            if membre.isfile() and membre.name.endswith(".xsd") and membre.size <= TAILLE_MAX:
                flux = archive.extractfile(membre)
                self.lus[membre.name] = flux.read() if flux else b""
        self.prefixe = _find_prefixe(self.lus, principal)

    def read(self, nom: str) -> bytes:
        if f"{self.prefixe}{nom}" not in self.lus:
            raise SchemaRefuse(f"Il manque « {nom} ».")
        return self.lus[f"{self.prefixe}{nom}"]


@contextmanager
def _open(source: Path, principal: str) -> Iterator[_Noms]:
    if source.is_dir() or source.name == principal:
        yield _Noms(source)
        return
    if not source.is_file() or source.stat().st_size > ARCHIVE_MAX:
        raise SchemaRefuse(f"« {source.name} » n’est pas un fichier de moins de 64 Mio.")
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                yield _NomsDeZip(archive, principal)
        else:
            with tarfile.open(source) as paquet:
                yield _NomsDeTar(paquet, principal)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError) as cause:
        raise SchemaRefuse(f"« {source.name} » n’est pas une archive lisible.") from cause


def _find_prefixe(noms: Iterable[str], principal: str) -> str:
    """Dossier de l’archive qui contient le schéma ; un seul doit le faire."""
    trouves = [nom for nom in noms if PurePosixPath(nom).name == principal]
    if len(trouves) != 1:
        raise SchemaRefuse(f"L’archive ne contient pas un « {principal} » et un seul.")
    return trouves[0].removesuffix(principal)


def _bound(octets: bytes, nom: str) -> bytes:
    if len(octets) > TAILLE_MAX:
        raise SchemaRefuse(f"« {nom} » est trop gros.")
    return octets


def _list_renvois(nom: str, octets: bytes) -> list[str]:
    """Fichiers appelés par celui-ci : des voisins, jamais une adresse ni un autre dossier."""
    from lxml import etree  # noqa: PLC0415  lourd, inutile hors de cette commande

    if b"<!DOCTYPE" in octets or b"<!ENTITY" in octets:
        raise SchemaRefuse(f"« {nom} » déclare des entités.")
    try:
        racine = etree.fromstring(octets, etree.XMLParser(no_network=True, resolve_entities=False))
    except etree.XMLSyntaxError as cause:
        raise SchemaRefuse(f"« {nom} » n’est pas du XML.") from cause
    renvois = [e.get("schemaLocation") for r in _RENVOIS for e in racine.findall(f"{_XSD}{r}")]
    appeles = [str(lieu) for lieu in renvois if lieu]
    for appele in appeles:
        if not NOM.fullmatch(appele):
            raise SchemaRefuse(f"« {nom} » renvoie hors de son dossier.")
    return appeles


def _check(fichiers: dict[str, bytes], version: str) -> None:
    """Compile le schéma, sans réseau, et vérifie que c’est bien celui attendu."""
    from lxml import etree  # noqa: PLC0415

    from socle.normes.seda.controles import load_schema  # noqa: PLC0415

    principal = emplacement.get_principal(version)
    racine = etree.fromstring(fichiers[principal])
    if racine.get("targetNamespace") != emplacement.get_espace(version):
        raise SchemaRefuse(f"Ce schéma n’est pas celui de SEDA {version}.")
    with tempfile.TemporaryDirectory(prefix="schema-") as dossier:
        _write(Path(dossier), fichiers)
        try:
            load_schema(Path(dossier) / principal)
        except etree.LxmlError as cause:
            raise SchemaRefuse(f"Le schéma ne se lit pas : {cause}") from cause


def _install(fichiers: dict[str, bytes], version: str) -> None:
    """Remplace le schéma d’un coup : qui le lit voit l’ancien ou le nouveau, entier."""
    arrivee = emplacement.get_dossier(Path(settings.DOSSIER_DONNEES), version)
    arrivee.parent.mkdir(parents=True, exist_ok=True)
    neuf = Path(tempfile.mkdtemp(prefix=".seda-", dir=arrivee.parent))
    ancien = neuf.with_suffix(".ancien")
    _write(neuf, fichiers)
    neuf.chmod(0o755)
    if arrivee.exists():
        arrivee.rename(ancien)
    neuf.rename(arrivee)
    shutil.rmtree(ancien, ignore_errors=True)


def _write(dossier: Path, fichiers: dict[str, bytes]) -> None:
    for nom, octets in fichiers.items():
        (dossier / nom).write_bytes(octets)


def _hash(fichiers: dict[str, bytes]) -> str:
    """Empreinte de l’ensemble : celle des lignes « empreinte  nom », comme `sha256sum`."""
    lignes = [f"{hashlib.sha256(octets).hexdigest()}  {n}\n" for n, octets in fichiers.items()]
    return hashlib.sha256("".join(sorted(lignes, key=lambda x: x[66:])).encode()).hexdigest()
