"""Classification d’une préfecture : ce qu’elle admet, et ce qui vaut à défaut de la connaître.

Les niveaux 3 à 5 des matières sont propres à chaque préfecture et datés. Un acte envoyé sous une
classification qui n’est plus la bonne est refusé (« ODT-VERIF-01 ») : gardez toutes les versions,
envoyez sous la dernière.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.lecture import read_message
from socle.normes.actes.modele import Acte, RetourClassification
from socle.normes.actes.nomenclature import MATIERES, PIECES
from socle.normes.actes.noms import TYPOLOGIE
from socle.normes.actes.rapport import Anomalie, Niveau, cut
from socle.normes.actes.vocabulaire import NATURES, SIGNATURE, Nature

TOUTES_MATIERES = "99"


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Matières et types de pièces admis.

    Attributes:
        jour: date de la version ; None pour le repère national.
        matieres: code pointé → libellé, tous niveaux.
        pieces: code de nature → {type de pièce → libellé}.
    """

    jour: date | None
    matieres: Mapping[str, str]
    pieces: Mapping[int, Mapping[str, str]]

    def list_pieces(self, nature: int, matieres: Sequence[str]) -> dict[str, str]:
        """Types de pièces admis pour une nature et une matière, dans l’ordre de la préfecture."""
        return {
            code: libelle
            for code, libelle in self.pieces.get(nature, {}).items()
            if is_piece_de_matiere(code, matieres)
        }

    def list_matieres(self, debut: str = "") -> dict[str, str]:
        """Matières juste sous une autre : « 7 » donne 7.1, 7.2… ; vide donne les neuf thèmes."""
        rang = debut.count(".") + 1 if debut else 0
        prefixe = f"{debut}." if debut else ""
        codes = [
            code for code in self.matieres if code.count(".") == rang and code.startswith(prefixe)
        ]
        codes.sort(key=_rank)  # les préfectures les donnent sans ordre
        return {code: self.matieres[code] for code in codes}


def _rank(code: str) -> tuple[int, str]:
    dernier = code.rpartition(".")[2]
    return (int(dernier) if re.fullmatch("[0-9]{1,9}", dernier) else 0, dernier[:20])


# Tant qu’on ne connaît pas celle de la préfecture : un repère, qui avertit sans refuser.
REPERE = Classification(
    jour=None,
    matieres=MATIERES,
    pieces={
        nature.code: {
            code: libelle for code, (natures, libelle) in PIECES.items() if nature.code in natures
        }
        for nature in Nature
    },
)


def read_classification(octets: bytes) -> Classification:
    """Lit une classification (7-2).

    Raises:
        ActeIllisible: XML refusé, ou autre message.
    """
    message = read_message(octets)
    if not isinstance(message, RetourClassification):
        raise ActeIllisible(
            f"Ce message est « {message.genre.libelle} », pas une classification"
            " (RetourClassification).",
            code="classification.autre",
        )
    return build_classification(message)


def build_classification(message: RetourClassification) -> Classification:
    """Range une classification lue ; d’un code répété, le premier gagne."""
    matieres: dict[str, str] = {}
    for racine in message.matieres:
        for matiere in racine:
            matieres.setdefault(matiere.code, matiere.libelle)
    pieces: dict[int, dict[str, str]] = {}
    for nature in message.natures:
        place = pieces.setdefault(nature.code or 0, {})
        for code, libelle in nature.pieces:
            place.setdefault(code, libelle)
    return Classification(jour=message.jour, matieres=matieres, pieces=pieces)


def is_piece_de_matiere(code: str, matieres: Sequence[str]) -> bool:
    """Les deux premiers signes d’un type de pièce disent sa matière.

    « 21_PA » va avec 2.1 ; « 70_DE » avec tout le thème 7 ; « 99_SE » avec toutes.
    """
    if code.startswith(TOUTES_MATIERES) or not matieres:
        return True
    theme, sous_theme = code[:1], code[1:2]
    if matieres[0] != theme:
        return False
    return sous_theme == "0" or list(matieres[1:2]) == [sous_theme]


def check_acte(
    acte: Acte, typologies: Sequence[str], classification: Classification | None
) -> Iterator[Anomalie]:
    """Confronte un acte à la classification.

    Args:
        typologies: types de pièces de l’acte et de ses annexes, vides compris.
        classification: celle de la préfecture ; None : le repère national, qui avertit seulement.
    """
    connue = classification or REPERE
    niveau = Niveau.ERREUR if classification else Niveau.AVERTISSEMENT
    yield from _check_date(acte, connue)
    yield from _check_matiere(acte, connue, niveau)
    for code in dict.fromkeys(typologies):
        if code and acte.nature in NATURES:
            yield from _check_piece(code, acte, connue, niveau)


def _check_date(acte: Acte, connue: Classification) -> Iterator[Anomalie]:
    if connue.jour and acte.classification and acte.classification != connue.jour:
        yield Anomalie(
            code="classification.date",
            message=f"La classification en cours est celle du {connue.jour:%d/%m/%Y}. Reprenez la"
            " matière dans celle-ci, puis changez la date.",
            champ="ClassificationDateVersion",
            cellule=acte.classification.isoformat(),
        )


def _check_matiere(acte: Acte, connue: Classification, niveau: Niveau) -> Iterator[Anomalie]:
    codes = acte.matieres if connue.jour else acte.matieres[:2]
    for rang in range(1, len(codes) + 1):
        code = ".".join(codes[:rang])
        if code not in connue.matieres:
            admises = ", ".join(connue.list_matieres(".".join(codes[: rang - 1])))
            yield Anomalie(
                code="matiere.inconnue",
                message=f"La matière « {cut(code)} » n’est pas dans la classification."
                f" Au choix : {cut(admises) or 'aucune plus fine'}.",
                niveau=niveau,
                champ=f"CodeMatiere{rang}",
                cellule=cut(acte.matiere),
            )
            return


def _check_piece(
    code: str, acte: Acte, connue: Classification, niveau: Niveau
) -> Iterator[Anomalie]:
    nature = NATURES[acte.nature or 0]
    if code not in connue.pieces.get(nature.code, {}) and code != SIGNATURE:
        yield Anomalie(
            code="typologie.nature",
            message=f"Le type de pièce « {code} » n’est pas admis pour la nature {nature.abrege}."
            f" Prenez {nature.typologie}, ou l’un de ceux de la classification.",
            niveau=niveau,
            champ="NomFichier",
            cellule=code,
        )
    elif not is_piece_de_matiere(code, acte.matieres):
        yield Anomalie(
            code="typologie.matiere",
            message=f"Le type de pièce « {code} » ne va pas avec la matière {acte.matiere}."
            f" Prenez {nature.typologie}, ou changez la matière.",
            niveau=niveau,
            champ="NomFichier",
            cellule=code,
        )


def check_classification(message: RetourClassification) -> Iterator[Anomalie]:
    """Ce qui surprend dans une classification reçue ; elle s’emploie quand même."""
    if message.jour is None:
        yield _avertit("date", "La date manque : demandez de nouveau la classification.")
    yield from _check_natures(message)
    vues: set[str] = set()
    for racine in message.matieres:
        for matiere in racine:
            if matiere.code in vues:
                yield _avertit("double", "Cette matière est deux fois là.", matiere.code)
            vues.add(matiere.code)
    absentes = [code for code in MATIERES if code not in vues]
    if absentes:
        yield _avertit(
            "incomplete",
            f"Il y manque {len(absentes)} des 66 matières nationales.",
            ", ".join(absentes),
        )


def _check_natures(message: RetourClassification) -> Iterator[Anomalie]:
    for nature in message.natures:
        connue = NATURES.get(nature.code or 0)
        if connue is None or connue.abrege != nature.abrege:
            yield _avertit("nature", "Cette nature n’est pas l’une des six connues.", nature.abrege)
        for code, _ in nature.pieces:
            if not TYPOLOGIE.fullmatch(code):
                yield _avertit("piece", "Un type de pièce a cinq signes, « 99_DE ».", code)


def _avertit(code: str, message: str, cellule: str = "") -> Anomalie:
    return Anomalie(
        code=f"classification.{code}",
        message=message,
        niveau=Niveau.AVERTISSEMENT,
        cellule=cut(cellule),
    )
