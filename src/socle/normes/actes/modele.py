"""Messages, enveloppes et classification : ce qu’on écrit, ce qu’on a lu.

Les mêmes types servent aux deux. Ce qui vient d’un inconnu peut manquer : une date illisible est
None, un texte absent est vide ; `ecriture` refuse d’écrire ce qui manque.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from socle.normes.actes.noms import IdentifiantActe
from socle.normes.actes.vocabulaire import NATURES, Genre


@dataclass(frozen=True, slots=True, kw_only=True)
class Fichier:
    """Un fichier cité par un message.

    Attributes:
        nom: dernier morceau du nom, sans dossier.
        signature: texte de l’élément Signature, que plus personne n’emploie.
    """

    nom: str
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acte:
    """Un acte transmis (1-1), ou tel que l’État dit l’avoir reçu.

    Attributes:
        jour: date de la décision.
        nature: 1 à 6 (`vocabulaire.Nature`), None si illisible.
        matieres: codes de la matière, du plus large au plus fin : ("7", "1").
        classification: date de la classification employée.
        papier: « O » si un envoi sur papier suit, « N » sinon.
        precedent: identifiant de l’acte que celui-ci complète.
        nombre_annexes: celui qu’annonce le fichier ; None pour le compter.
    """

    numero: str
    jour: date | None
    nature: int | None
    matieres: tuple[str, ...]
    objet: str
    classification: date | None
    document: Fichier
    annexes: tuple[Fichier, ...] = ()
    papier: str = "N"
    precedent: str = ""
    nombre_annexes: int | None = None

    @property
    def genre(self) -> Genre:
        return Genre.ACTE

    @property
    def matiere(self) -> str:
        """Code pointé, « 7.1 »."""
        return ".".join(self.matieres)

    def build_id(self, departement: str, siren: str) -> IdentifiantActe | None:
        """Identifiant unique de l’acte ; None si la date ou la nature manque."""
        nature = NATURES.get(self.nature or 0)
        if nature is None or self.jour is None:
            return None
        return IdentifiantActe(
            departement=departement, siren=siren, jour=self.jour,
            numero=self.numero, nature=nature.abrege,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ARActe:
    """Accusé de réception (1-2) : la preuve de la transmission, datée de son arrivée."""

    id_acte: str
    reception: date | None
    acte: Acte | None
    classification_en_cours: date | None

    @property
    def genre(self) -> Genre:
        return Genre.AR_ACTE


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalieActe:
    """Refus d’un acte (1-3). La liste des codes de `nature` n’est pas publiée : c’est un texte."""

    jour: date | None
    nature: str
    detail: str
    acte: Acte | None
    classification_en_cours: date | None

    @property
    def genre(self) -> Genre:
        return Genre.ANOMALIE_ACTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Courrier:
    """Un courrier de la préfecture, ou ce que la collectivité y répond (flux 2, 3 et 4).

    Attributes:
        genre: l’un de `vocabulaire.COURRIERS`.
        jour: date du courrier de la préfecture, reprise dans les réponses.
        texte: pièces demandées (3-1) ou motif (4-1).
        documents: un seul, sauf l’envoi de pièces (3-4) ; aucun dans un accusé.
    """

    genre: Genre
    id_acte: str
    jour: date | None
    texte: str = ""
    documents: tuple[Fichier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ARReponse:
    """Accusé d’une réponse (3-5 ou 4-5) : courrier auquel elle répondait, jour de réception."""

    genre: Genre
    id_acte: str
    jour: date | None
    reception: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defere:
    """Déféré au tribunal administratif (5-1)."""

    id_acte: str
    depot: date | None
    illegalite: str
    pieces: tuple[Fichier, ...] = ()

    @property
    def genre(self) -> Genre:
        return Genre.DEFERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulation:
    """Annulation d’une transmission (6-1) : elle retire l’envoi, pas l’acte."""

    id_acte: str

    @property
    def genre(self) -> Genre:
        return Genre.ANNULATION


@dataclass(frozen=True, slots=True, kw_only=True)
class ARAnnulation:
    """Accusé d’une annulation (6-2)."""

    id_acte: str
    reception: date | None

    @property
    def genre(self) -> Genre:
        return Genre.AR_ANNULATION


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandeClassification:
    """Demande de la classification (7-1) ; `jour` est celui de la version qu’on a, ou None."""

    jour: date | None = None

    @property
    def genre(self) -> Genre:
        return Genre.DEMANDE_CLASSIFICATION


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationInchangee:
    """La classification qu’on a est la bonne (7-3)."""

    jour: date | None

    @property
    def genre(self) -> Genre:
        return Genre.CLASSIFICATION_INCHANGEE


@dataclass(frozen=True, slots=True, kw_only=True)
class NatureAdmise:
    """Une nature et les types de pièces que la préfecture admet pour elle, (code, libellé)."""

    code: int | None
    libelle: str
    abrege: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matiere:
    """Une matière ; `code` est pointé et complet, « 1.1.9 »."""

    code: str
    libelle: str
    filles: tuple["Matiere", ...] = ()

    def __iter__(self) -> Iterator["Matiere"]:
        """Elle-même, puis ce qu’elle contient, dans l’ordre."""
        yield self
        for fille in self.filles:
            yield from fille


@dataclass(frozen=True, slots=True, kw_only=True)
class RetourClassification:
    """La classification d’une préfecture (7-2), datée."""

    jour: date | None
    natures: tuple[NatureAdmise, ...]
    matieres: tuple[Matiere, ...]

    @property
    def genre(self) -> Genre:
        return Genre.RETOUR_CLASSIFICATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Referent:
    """La personne à joindre. Ses champs sont facultatifs."""

    nom: str = ""
    telephone: str = ""
    courriel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enveloppe:
    """Enveloppe d’une collectivité.

    Attributes:
        type_emetteur: code sur deux chiffres (`vocabulaire.TYPES_D_EMETTEUR`), « 31 ».
        courriels: adresses où l’État répond, une au moins.
        messages: noms des fichiers XML envoyés.
    """

    siren: str
    departement: str
    arrondissement: str
    type_emetteur: str
    courriels: tuple[str, ...]
    messages: tuple[Fichier, ...]
    referent: Referent | None = None

    @property
    def genre(self) -> Genre:
        return Genre.ENVELOPPE


@dataclass(frozen=True, slots=True, kw_only=True)
class EnveloppeRetour:
    """Enveloppe de l’État.

    Attributes:
        emetteur: « IDSGAR », « IDPref » ou « IDSousPref ».
        arrondissement: vide, sauf pour une sous-préfecture.
    """

    emetteur: str
    departement: str
    siren: str
    messages: tuple[Fichier, ...]
    arrondissement: str = ""
    referent: Referent | None = None

    @property
    def genre(self) -> Genre:
        return Genre.ENVELOPPE_RETOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalieEnveloppe:
    """Refus d’une enveloppe entière. `nature` est un texte : « 999 » a été vu, hors schéma."""

    jour: date | None
    nature: str
    detail: str
    enveloppe: Enveloppe | None

    @property
    def genre(self) -> Genre:
        return Genre.ANOMALIE_ENVELOPPE


Message = (
    Acte | ARActe | AnomalieActe | Courrier | ARReponse | Defere | Annulation | ARAnnulation
    | DemandeClassification | RetourClassification | ClassificationInchangee
    | Enveloppe | EnveloppeRetour | AnomalieEnveloppe
)  # fmt: skip
