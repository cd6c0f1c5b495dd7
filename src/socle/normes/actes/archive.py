"""Archives tar.gz : écrire la nôtre, ouvrir celle d’un inconnu sans rien déployer.

Notre lecteur ne connaît que des fichiers ordinaires, à plat : liens, dossiers, périphériques et
noms longs n’ont rien à faire dans une archive @CTES. Tout est compté au fil de la lecture.

Source: archives relevées chez S²LOW et Stela ; POSIX.1-1988 (ustar) ; RFC 1952.
"""

import gzip
import hashlib
import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from socle.normes.actes.errors import ActeIllisible, ActeRefuse
from socle.normes.actes.rapport import Anomalie, cut

OCTETS_MAX = 150 << 20  # borne de S²LOW et de Pastell
_BLOC = 512
_MORCEAU = 1 << 16
_ETENDU_MAX = 1 << 16
_ECHANTILLON = 8 << 10
_NUL = b"\0" * _BLOC
_NOM = re.compile(r"[A-Za-z0-9_.\-]{1,100}")
_INTERDITS = {
    b"1": "un lien", b"2": "un lien", b"3": "un périphérique", b"4": "un périphérique",
    b"5": "un dossier", b"6": "un tube", b"L": "un nom trop long", b"K": "un nom trop long",
    b"S": "un fichier à trous",
}  # fmt: skip


class Lisible(Protocol):
    """De quoi lire des octets, une fois."""

    def read(self, taille: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limites:
    """Bornes opposées à une archive. Octets et nombre d’entrées."""

    octets_archive: int = OCTETS_MAX
    octets_deployes: int = 400 << 20
    octets_gardes: int = 40 << 20
    entrees: int = 1_000
    taux_suspect: int = 100  # taux de compression à partir duquel…
    octets_suspects: int = 32 << 20  # … un tel volume déployé est un piège


@dataclass(frozen=True, slots=True, kw_only=True)
class Membre:
    """Un fichier d’une archive lue.

    Attributes:
        debut: ses premiers octets, pour en reconnaître le format.
        contenu: ses octets, None si l’on n’a pas demandé de les garder.
    """

    nom: str
    taille: int
    sha256: str
    debut: bytes
    contenu: bytes | None


@dataclass(slots=True, kw_only=True)
class ArchiveLue:
    """Une archive ouverte : ses fichiers dans l’ordre, et ce qui ne va pas."""

    membres: list[Membre] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    octets: int = 0


def write_archive(membres: Sequence[tuple[str, bytes]]) -> bytes:
    """Écrit une archive à plat ; les mêmes fichiers donnent toujours les mêmes octets.

    Raises:
        ActeRefuse: nom refusé, deux fois le même nom, ou archive de plus de 150 Mo.
    """
    lue = ArchiveLue()
    for nom, _ in membres:
        _check_nom(lue, nom)
        lue.membres.append(Membre(nom=nom, taille=0, sha256="", debut=b"", contenu=None))
    if lue.anomalies:
        raise ActeRefuse(lue.anomalies)
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for nom, contenu in membres:
            entree = tarfile.TarInfo(nom)
            entree.size = len(contenu)
            archive.addfile(entree, io.BytesIO(contenu))
    octets = gzip.compress(tampon.getbuffer(), compresslevel=_choose_niveau(membres), mtime=0)
    if len(octets) > OCTETS_MAX:
        raise ActeRefuse([_faute("taille", f"L’archive pèse {len(octets) >> 20} Mo, pour"
                                 f" {OCTETS_MAX >> 20} admis. Allégez les annexes.")])  # fmt: skip
    return octets


def _choose_niveau(membres: Sequence[tuple[str, bytes]]) -> int:
    """Sans compression si les documents le sont déjà, comme un PDF : on paierait sans gagner."""
    milieux = (octets[len(octets) // 2 :][:_ECHANTILLON] for _, octets in membres[-8:])
    essai = b"".join(milieux)
    return 0 if len(zlib.compress(essai, 1)) > len(essai) * 0.9 else 1


def read_archive(
    source: bytes | Lisible, *, limites: Limites | None = None, avec_documents: bool = False
) -> ArchiveLue:
    """Ouvre une archive ; garde les XML, et les documents si on le demande.

    Un lien, un dossier ou un mauvais nom est une anomalie : le reste est lu.

    Raises:
        ActeIllisible: pas un tar.gz, abîmée, trop lourde, trop d’entrées, taux de compression
            d’un piège.
    """
    bornes = limites or Limites()
    flux = _Flux(io.BytesIO(source) if isinstance(source, bytes) else source, bornes)
    lue, gardes = ArchiveLue(), 0
    for entete in _iter_entetes(flux, bornes):
        genre, nom, taille = entete
        if genre in {b"x", b"g"}:
            _check_etendu(lue, flux.read(min(taille, _ETENDU_MAX + 1)))
            flux.skip(max(taille - _ETENDU_MAX - 1, 0) + _reste(taille))
            continue
        if genre not in {b"0", b"\0"}:
            quoi = _INTERDITS.get(genre, "une entrée inconnue")
            lue.anomalies.append(
                _faute("lien", f"L’archive contient {quoi}. Refaites-la avec les seuls fichiers,"
                       " à plat.", nom)
            )  # fmt: skip
            flux.skip(taille + _reste(taille))
            continue
        _check_nom(lue, nom)
        garde = avec_documents or nom.lower().endswith(".xml")
        gardes += taille if garde else 0
        if gardes > bornes.octets_gardes and not avec_documents:
            raise ActeIllisible("Les fichiers XML de cette archive sont trop lourds.",
                                code="archive.bombe")  # fmt: skip
        lue.membres.append(_read_membre(flux, nom, taille, garde=garde))
        flux.skip(_reste(taille))
    lue.octets = flux.lus
    return lue


def _read_membre(flux: "_Flux", nom: str, taille: int, *, garde: bool) -> Membre:
    empreinte, morceaux, debut, reste = hashlib.sha256(), [], b"", taille
    while reste:
        morceau = flux.read(min(reste, _MORCEAU))
        if not morceau:
            raise _abimee("elle est coupée")
        reste -= len(morceau)
        empreinte.update(morceau)
        debut = debut or morceau[:16]
        if garde:
            morceaux.append(morceau)
    return Membre(
        nom=nom, taille=taille, sha256=empreinte.hexdigest(), debut=debut,
        contenu=b"".join(morceaux) if garde else None,
    )  # fmt: skip


def _iter_entetes(flux: "_Flux", bornes: Limites) -> Iterator[tuple[bytes, str, int]]:
    nombre = 0
    while True:
        bloc = flux.read(_BLOC)
        if not bloc and nombre:
            return  # sans les blocs de fin : lisible quand même
        if bloc == _NUL:
            flux.check_fin()
            return
        if len(bloc) < _BLOC:
            raise _abimee("elle est coupée")
        nombre += 1
        if nombre > bornes.entrees:
            raise ActeIllisible(
                f"Cette archive a plus de {bornes.entrees} entrées : ce n’est pas un envoi d’acte.",
                code="archive.bombe",
            )
        yield _read_entete(bloc)


def _read_entete(bloc: bytes) -> tuple[bytes, str, int]:
    somme = _read_octal(bloc[148:156])
    if somme != sum(bloc) - sum(bloc[148:156]) + 8 * 32:
        raise _abimee("une entrée ne porte pas la bonne somme de contrôle")
    taille = _read_octal(bloc[124:136])
    if taille is None:
        raise _abimee("la taille d’une entrée ne se lit pas")
    nom = bloc[:100].partition(b"\0")[0]
    prefixe = bloc[345:500].partition(b"\0")[0] if bloc[257:263] == b"ustar\0" else b""
    complet = prefixe + b"/" + nom if prefixe else nom
    genre = bloc[156:157]
    return genre, complet.decode("latin-1"), 0 if genre in b"123456" else taille


def _read_octal(champ: bytes) -> int | None:
    texte = champ.strip(b" \0")
    return int(texte, 8) if texte and not texte.strip(b"01234567") else None


def _reste(taille: int) -> int:
    return -taille % _BLOC


def _check_etendu(lue: ArchiveLue, octets: bytes) -> None:
    """Un en-tête étendu ne change ni le nom, ni la taille : deux lecteurs liraient autre chose."""
    if len(octets) > _ETENDU_MAX or re.search(rb"(?:path|size|linkpath|GNU\.sparse[^=]*)=", octets):
        lue.anomalies.append(
            _faute("etendu", "L’archive porte des en-têtes étendus. Refaites-la au format ustar.")
        )


def _check_nom(lue: ArchiveLue, nom: str) -> None:
    if not _NOM.fullmatch(nom) or nom.startswith((".", "-")) or ".." in nom:
        lue.anomalies.append(
            _faute("nom", "Les fichiers sont à plat, sans dossier, et leurs noms n’ont que des"
                   " lettres sans accent, chiffres, tirets et points.", nom)
        )  # fmt: skip
    if any(nom == membre.nom for membre in lue.membres):
        lue.anomalies.append(_faute("double", "Deux fichiers portent ce nom. Ôtez-en un.", nom))


def _faute(code: str, message: str, nom: str = "") -> Anomalie:
    return Anomalie(code=f"archive.{code}", message=message, cellule=cut(nom))


def _abimee(quoi: str) -> ActeIllisible:
    return ActeIllisible(
        f"Cette archive est abîmée : {quoi}. Téléchargez-la de nouveau.", code="archive.abimee"
    )


class _Flux:
    """Décompresse un gzip au fil de l’eau, en comptant ce qui entre et ce qui sort."""

    def __init__(self, source: Lisible, bornes: Limites) -> None:
        self._source, self._bornes = source, bornes
        self._moteur, self._attente = zlib.decompressobj(31), b""
        self._tampon = bytearray()
        self.lus = self.sortis = 0
        self._fini = False

    def read(self, nombre: int) -> bytes:
        """Rend `nombre` octets, moins à la fin."""
        while len(self._tampon) < nombre and not self._fini:
            self._fill()
        octets = bytes(self._tampon[:nombre])
        del self._tampon[:nombre]
        return octets

    def skip(self, nombre: int) -> None:
        """Passe des octets ; s’arrête à la fin."""
        while nombre > 0:
            passes = len(self.read(min(nombre, _MORCEAU)))
            if not passes:
                return
            nombre -= passes

    def check_fin(self) -> None:
        """Après les blocs de fin, il n’y a plus que des zéros."""
        while morceau := self.read(_MORCEAU):
            if morceau.strip(b"\0"):
                raise _abimee("des données suivent la fin")

    def _fill(self) -> None:
        if not self._attente:
            self._attente = self._source.read(_MORCEAU)
            self.lus += len(self._attente)
            if self.lus > self._bornes.octets_archive:
                raise ActeIllisible(
                    f"Cette archive dépasse {self._bornes.octets_archive >> 20} Mo, la limite des"
                    " opérateurs. Allégez les annexes.",
                    code="archive.taille",
                )
        if not self._attente:
            self._end()
            return
        try:
            morceau = self._moteur.decompress(self._attente, _MORCEAU)
        except zlib.error as cause:
            if not self.sortis and self.lus <= _MORCEAU:
                raise ActeIllisible(
                    "Ce n’est pas une archive tar.gz.", code="archive.gzip"
                ) from cause
            raise _abimee("sa compression ne se lit pas") from cause
        self._attente = self._moteur.unconsumed_tail
        self._count(len(morceau))
        self._tampon += morceau
        if self._moteur.eof:
            self._next()

    def _next(self) -> None:
        suite = self._moteur.unused_data or self._source.read(_MORCEAU)
        self.lus += 0 if self._moteur.unused_data else len(suite)
        self._attente = suite.lstrip(b"\0")
        if self._attente:
            self._moteur = zlib.decompressobj(31)  # un gzip peut en suivre un autre
        else:
            self._fini = True

    def _end(self) -> None:
        self._fini = True
        if not self._moteur.eof:
            raise _abimee("elle est coupée")

    def _count(self, nombre: int) -> None:
        self.sortis += nombre
        piege = self.sortis > self._bornes.octets_suspects and (
            self.sortis > self.lus * self._bornes.taux_suspect
        )
        if piege or self.sortis > self._bornes.octets_deployes:
            raise ActeIllisible(
                "Déployée, cette archive serait démesurée : c’est un piège. Elle n’a pas été"
                " ouverte.",
                code="archive.bombe",
            )
