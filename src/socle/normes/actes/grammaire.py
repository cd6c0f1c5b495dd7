"""Notre grammaire des messages : la même que le schéma officiel « actesv1_1 », en une table.

Elle sert quand le schéma officiel n’est pas là, et donne dans tous les cas des phrases en français.
Un essai compare les deux jugements sur des messages faits au hasard.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from socle.normes.actes.vocabulaire import ACTES, INSEE, Genre

_DATE = re.compile(r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_ENTIER = re.compile(r"[+-]?[0-9]+")
_ID_ACTE = re.compile(r"[0|9][0-9][A|B0-9]-[0-9]{9}-[0-9]{8}-[a-zA-Z0-9_]{1,15}-(..)")
_COURRIEL = re.compile(
    r"[_a-zA-Z0-9\-]+(\.[_a-zA-Z0-9\-]+)*@[a-zA-Z0-9\-]+(\.[a-zA-Z0-9\-]+)*\.[a-zA-Z]{2,6}"
)


@dataclass(frozen=True, slots=True)
class Valeur:
    """Un type de valeur : ce qu’il admet, et comment le dire."""

    attendu: str
    admet: Callable[[str], bool]
    replie: bool = False  # les espaces autour ne comptent pas


@dataclass(frozen=True, slots=True, kw_only=True)
class Modele:
    """Ce qu’un élément contient.

    Attributes:
        attributs: nom complet → (type, obligatoire).
        enfants: suite ordonnée.
        valeur: type de son texte ; None s’il n’en a pas.
        libre: n’importe quel contenu.
    """

    attributs: Mapping[str, tuple[Valeur, bool]] = field(default_factory=dict)
    enfants: tuple["Enfant", ...] = ()
    valeur: Valeur | None = None
    nul: bool = False
    libre: bool = False


@dataclass(frozen=True, slots=True)
class Enfant:
    """Une place dans la suite : les éléments admis, et combien de fois."""

    modeles: Mapping[str, Modele]
    minimum: int = 1
    maximum: int | None = 1


def parse_date(texte: str) -> date | None:
    """Lit une date de schéma XML, fuseau admis et oublié ; None si elle n’existe pas."""
    trouve = _DATE.fullmatch(texte.strip(" \t\r\n"))
    try:
        return date(*map(int, trouve.groups()[:3])) if trouve and _is_fuseau(trouve[4]) else None
    except (ValueError, OverflowError):
        return None


def _is_fuseau(texte: str | None) -> bool:
    if not texte or texte == "Z":
        return True
    heures, minutes = int(texte[1:3]), int(texte[4:])
    return (heures < 14 and minutes < 60) or (heures, minutes) == (14, 0)


def _is_id_acte(texte: str) -> bool:
    trouve = _ID_ACTE.fullmatch(texte)
    return bool(trouve) and all(unicodedata.category(s) == "Lu" for s in trouve[1])  # type: ignore[index]


def _chiffres(nombre: int, attendu: str) -> Valeur:
    motif = re.compile(rf"[0-9]{{{nombre}}}")
    return Valeur(attendu, lambda texte: bool(motif.fullmatch(texte)), replie=True)


_JOUR = Valeur("une date AAAA-MM-JJ", lambda texte: parse_date(texte) is not None, replie=True)
_CODE = Valeur("un nombre entier", lambda texte: bool(_ENTIER.fullmatch(texte)), replie=True)
_NOMBRE = Valeur(
    "un nombre entier",
    lambda texte: (
        bool(_ENTIER.fullmatch(texte)) and (not texte.startswith("-") or not texte.strip("-0"))
    ),
    replie=True,
)
_TEXTE = Valeur("un texte", lambda _: True)
_OBJET = Valeur("500 signes au plus", lambda texte: len(texte) <= 500)
_NUMERO = Valeur("15 signes au plus", lambda texte: len(texte) <= 15)
_ABREGE = Valeur("deux lettres", lambda texte: len(texte) == 2)
_DEPARTEMENT = Valeur(
    "un département sur trois signes : 035, 02A, 971",
    lambda texte: bool(re.fullmatch(r"[0|9][0-9][A|B0-9]", texte)),
)
_ID = Valeur("un identifiant d’acte : 035-213502388-20261120-2026_001-DE", _is_id_acte)
_ADRESSE = Valeur(
    "une adresse sans accent, dont la fin a 2 à 6 lettres",
    lambda texte: bool(_COURRIEL.fullmatch(texte)),
)
_REFUS = Valeur(
    "001, 002, 003, 004, 005 ou 100",
    lambda texte: bool(re.fullmatch(r"\+?0*(?:[1-5]|100)", texte)),
    replie=True,
)


def _attributs(**champs: Valeur) -> dict[str, tuple[Valeur, bool]]:
    return {f"{{{ACTES}}}{nom}": (valeur, True) for nom, valeur in champs.items()}


def _un(nom: str, modele: Modele) -> Enfant:
    return Enfant({nom: modele})


def _option(nom: str, modele: Modele) -> Enfant:
    return Enfant({nom: modele}, 0)


def _plusieurs(nom: str, modele: Modele, minimum: int = 1) -> Enfant:
    return Enfant({nom: modele}, minimum, None)


def _suite(*enfants: Enfant, **attributs: Valeur) -> Modele:
    return Modele(enfants=enfants, attributs=_attributs(**attributs))


_T = Modele(valeur=_TEXTE)
_D = Modele(valeur=_JOUR)
_SIREN = {f"{{{INSEE}}}SIREN": (_chiffres(9, "un SIREN, neuf chiffres"), True)}
_ARRONDISSEMENT = _chiffres(1, "un numéro d’arrondissement, un chiffre")
# Un contenu libre l’est, sauf les attributs que le schéma connaît.
_LIBRE = Modele(
    libre=True,
    attributs={
        nom: (valeur, False)
        for nom, (valeur, _) in (
            _SIREN
            | _attributs(
                Departement=_DEPARTEMENT,
                Arrondissement=_ARRONDISSEMENT,
                CodeNatureActe=_CODE,
                CodeMatiere=_CODE,
                IDActe=_ID,
            )
        ).items()
    },
)
_FICHIER = _suite(_un("NomFichier", _T), _option("Signature", _LIBRE))
_REFERENT = _suite(
    _option("Nom", _T), _option("Telephone", _T), _option("Email", Modele(valeur=_ADRESSE))
)
_IDCL = Modele(
    attributs=_SIREN
    | _attributs(
        Departement=_DEPARTEMENT,
        Arrondissement=_ARRONDISSEMENT,
        Nature=_chiffres(2, "un type de collectivité, deux chiffres : 31 pour une commune"),
    )
)
_FORMULAIRES = _un("FormulairesEnvoyes", _suite(_plusieurs("Formulaire", _FICHIER)))
_ENVELOPPE = _suite(
    _un("Emetteur", _suite(_un("IDCL", _IDCL), _option("Referent", _REFERENT))),
    _un("AdressesRetour", _suite(_plusieurs("Email", Modele(valeur=_ADRESSE)))),
    _FORMULAIRES,
)
_PREFECTURE = _suite(Departement=_DEPARTEMENT)
_RETOUR = _suite(
    _un(
        "Emetteur",
        _suite(
            Enfant(
                {
                    "IDSGAR": _PREFECTURE,
                    "IDPref": _PREFECTURE,
                    "IDSousPref": _suite(Departement=_DEPARTEMENT, Arrondissement=_ARRONDISSEMENT),
                }
            ),
            _option("Referent", _REFERENT),
        ),
    ),
    _FORMULAIRES,
    _un("Destinataire", Modele(attributs=_SIREN)),
)
_CODE_MATIERE = _suite(CodeMatiere=_CODE)
_ACTE = _suite(
    _un("CodeMatiere1", _CODE_MATIERE),
    _un("CodeMatiere2", _CODE_MATIERE),
    *(_option(f"CodeMatiere{rang}", _CODE_MATIERE) for rang in (3, 4, 5)),
    _un("Objet", Modele(valeur=_OBJET)),
    _option("PrecedentIdentifiantActe", _suite(IDActe=_ID)),
    _un("ClassificationDateVersion", _D),
    _un("Document", _FICHIER),
    _un("Annexes", _suite(_plusieurs("Annexe", _FICHIER, 0), Nombre=_NOMBRE)),
    _un("DocumentPapier", Modele(valeur=_TEXTE, nul=True)),
    Date=_JOUR,
    NumeroInterne=_NUMERO,
    CodeNatureActe=_CODE,
)
_ACTE_RECU = _un("ActeRecu", _ACTE)
_EN_COURS = _un("ClassificationDateVersionEnCours", _D)


def _courrier(*enfants: Enfant) -> Modele:
    return _suite(*enfants, IDActe=_ID, DateCourrierPref=_JOUR)


_DOCUMENT = _un("Document", _FICHIER)
_ACCUSE = _suite(_un("InfosCourrierPref", _courrier()), DateReception=_JOUR)


def _matiere(rang: int) -> Modele:
    dessous = rang + 1
    suite = [_plusieurs(f"Matiere{dessous}", _matiere(dessous), int(rang == 1))] if rang < 5 else []
    return _suite(*suite, CodeMatiere=_CODE, Libelle=_TEXTE)


_PIECE = _suite(CodeTypePJ=_TEXTE, Libelle=_TEXTE)
_NATURE = Modele(
    enfants=(_plusieurs("TypePJNatureActe", _PIECE),),
    attributs=_attributs(Libelle=_TEXTE, TypeAbrege=_ABREGE)
    | {f"{{{ACTES}}}CodeNatureActe": (_CODE, False)},
)
_CLASSIFICATION = _suite(
    _un("DateClassification", _D),
    _un("NaturesActes", _suite(_plusieurs("NatureActe", _NATURE))),
    _un("Matieres", _suite(_plusieurs("Matiere1", _matiere(1)))),
)

MODELES: Mapping[Genre, Modele] = {
    Genre.ENVELOPPE: _ENVELOPPE,
    Genre.ENVELOPPE_RETOUR: _RETOUR,
    Genre.ANOMALIE_ENVELOPPE: _suite(
        _un("Date", _D),
        _un("Nature", Modele(valeur=_REFUS)),
        _option("Detail", _T),
        _un("EnveloppeRecue", _ENVELOPPE),
    ),
    Genre.ACTE: _ACTE,
    Genre.AR_ACTE: _suite(_ACTE_RECU, _EN_COURS, IDActe=_ID, DateReception=_JOUR),
    Genre.ANOMALIE_ACTE: _suite(
        _un("Date", _D),
        _un("Nature", Modele(valeur=_chiffres(3, "un code sur trois chiffres"))),
        _option("Detail", _T),
        _ACTE_RECU,
        _EN_COURS,
    ),
    Genre.COURRIER_SIMPLE: _courrier(_DOCUMENT),
    Genre.REPONSE_COURRIER: _courrier(_DOCUMENT),
    Genre.DEMANDE_PIECES: _courrier(_un("DescriptionPieces", _T), _DOCUMENT),
    Genre.AR_DEMANDE_PIECES: _courrier(),
    Genre.REFUS_PIECES: _courrier(_DOCUMENT),
    Genre.PIECES: _courrier(_un("Documents", _suite(_plusieurs("Document", _FICHIER)))),
    Genre.AR_PIECES: _ACCUSE,
    Genre.LETTRE_OBSERVATIONS: _courrier(_un("Motif", _T), _DOCUMENT),
    Genre.AR_LETTRE: _courrier(),
    Genre.REJET_LETTRE: _courrier(_DOCUMENT),
    Genre.REPONSE_LETTRE: _courrier(_DOCUMENT),
    Genre.AR_REPONSE_LETTRE: _ACCUSE,
    Genre.DEFERE: _suite(
        _un("DateDepot", _D),
        _un("NatureIllegalite", _T),
        _un("PiecesJointes", _suite(_plusieurs("PieceJointe", _FICHIER, 0))),
        IDActe=_ID,
    ),
    Genre.ANNULATION: _suite(IDActe=_ID),
    Genre.AR_ANNULATION: _suite(IDActe=_ID, DateReception=_JOUR),
    Genre.DEMANDE_CLASSIFICATION: _suite(_option("DateClassification", _D)),
    Genre.RETOUR_CLASSIFICATION: _CLASSIFICATION,
    Genre.CLASSIFICATION_INCHANGEE: _suite(_un("DateClassification", _D)),
}
