"""Règles que le schéma ne dit pas : celles des opérateurs et du ministère, mesurées.

Source: sources de S²LOW et de Pastell ; cahier des charges de l’État tel que ces outils
l’appliquent.
"""

from collections.abc import Iterator
from datetime import date

from socle.normes.actes import noms
from socle.normes.actes.modele import Acte, Enveloppe, Fichier
from socle.normes.actes.rapport import Anomalie, Niveau, cut
from socle.normes.actes.vocabulaire import NATURES, TYPES_D_EMETTEUR, Nature

OBJET_MAX = 499  # le schéma admet 500, les opérateurs un de moins
BUDGET = ("7", "1")
EXTENSIONS = ("pdf", "jpg", "png")


def check_acte(acte: Acte, au_plus_tard: date | None = None) -> Iterator[Anomalie]:
    """Contrôle les champs d’un acte à transmettre.

    Args:
        au_plus_tard: jour que la décision ne peut dépasser : aujourd’hui, ou celui de l’envoi.
    """
    yield from _check_identite(acte, au_plus_tard)
    yield from _check_matieres(acte)
    if not acte.objet.strip():
        yield _faute("objet", "Écrivez l’objet de l’acte.", "Objet")
    elif len(acte.objet) > OBJET_MAX:
        yield _faute(
            "objet", f"L’objet a {len(acte.objet)} signes : gardez-en {OBJET_MAX}.", "Objet",
            acte.objet,
        )  # fmt: skip
    if acte.papier not in {"N", "O"}:
        yield _avertit("papier", "Écrivez N, ou O si un envoi sur papier suit.", "DocumentPapier",
                       acte.papier)  # fmt: skip
    if acte.nombre_annexes not in {None, len(acte.annexes)}:
        yield _faute(
            "annexes", f"Il y a {len(acte.annexes)} annexes. Écrivez ce nombre.", "Annexes",
            str(acte.nombre_annexes),
        )  # fmt: skip
    if acte.precedent and noms.parse_id_acte(acte.precedent) is None:
        yield _faute("precedent", "Ce n’est pas l’identifiant d’un acte transmis.",
                     "PrecedentIdentifiantActe", acte.precedent)  # fmt: skip


def _check_identite(acte: Acte, au_plus_tard: date | None) -> Iterator[Anomalie]:
    if not noms.NUMERO.fullmatch(acte.numero):
        yield _faute(
            "numero",
            "Le numéro a 15 signes au plus : majuscules sans accent, chiffres, et _ au milieu."
            " Ni tiret, ni espace.",
            "NumeroInterne",
            acte.numero,
        )
    if acte.nature not in NATURES:
        yield _faute("nature", "La nature va de 1 (délibération) à 6 (autre).", "CodeNatureActe",
                     str(acte.nature))  # fmt: skip
    if acte.jour and au_plus_tard and acte.jour > au_plus_tard:
        yield _faute(
            "date",
            f"La date de la décision est après l’envoi ({au_plus_tard:%d/%m/%Y}). Corrigez-la.",
            "Date",
            acte.jour.isoformat(),
        )


def _check_matieres(acte: Acte) -> Iterator[Anomalie]:
    if len(acte.matieres) < 2:
        yield Anomalie(
            code="matiere.niveaux", message="Donnez au moins deux niveaux de matière : « 7.1 ».",
            champ="CodeMatiere2", cellule=acte.matiere,
        )  # fmt: skip
    if any(not code.isascii() or not code.isdigit() or code[0] == "0" for code in acte.matieres):
        yield Anomalie(
            code="matiere.code",
            message="Un code de matière est un nombre, sans zéro devant.",
            champ="CodeMatiere",
            cellule=cut(acte.matiere),
        )


def check_pieces(acte: Acte, departement: str, siren: str) -> Iterator[Anomalie]:
    """Contrôle les noms et les formats du document et des annexes d’un acte.

    Args:
        departement, siren: ceux de l’émetteur ; vides pour les prendre dans le premier nom.
    """
    attendu = _guess_id(acte, departement, siren)
    for rang, fichier in enumerate((acte.document, *acte.annexes), 1):
        lu = noms.parse_nom_document(fichier.nom)
        if lu is None or not lu.typologie:
            yield from _refuse_nom(fichier, attendu, rang)
            continue
        if attendu and lu.acte != attendu:
            yield _nom(fichier, f"Ce nom parle d’un autre acte : il faut « {attendu} », avec la"
                       " date de la décision.")  # fmt: skip
        if (lu.flux, lu.rang) != ("1-1", rang):
            yield _nom(fichier, f"Ce nom doit finir par « -1-1_{rang}.{lu.extension} ».")
        yield from _check_extension(acte, fichier, lu.extension, annexe=rang > 1)


def _guess_id(acte: Acte, departement: str, siren: str) -> noms.IdentifiantActe | None:
    premier = noms.parse_nom_document(acte.document.nom)
    if premier and not (departement and siren):
        departement, siren = premier.acte.departement, premier.acte.siren
    return acte.build_id(departement, siren) if departement and siren else None


def _refuse_nom(
    fichier: Fichier, attendu: noms.IdentifiantActe | None, rang: int
) -> Iterator[Anomalie]:
    identifiant = attendu or "DDD-SIREN-AAAAMMJJ-NUMERO-NN"
    exemple = f"99_DE-{identifiant}-1-1_{rang}.pdf"
    yield _nom(fichier, f"Nommez ce fichier type-acte-1-1_{rang}.pdf : « {exemple} ».")


def _check_extension(
    acte: Acte, fichier: Fichier, extension: str, *, annexe: bool
) -> Iterator[Anomalie]:
    budget = acte.nature == Nature.BUDGET.code and acte.matieres[:2] == BUDGET
    principal_xml = acte.document.nom.endswith(".xml")
    admises = {"pdf"}
    if annexe and not principal_xml:
        admises.update(EXTENSIONS)
    if budget and not (annexe and principal_xml):
        admises.add("xml")
    if extension not in admises:
        quoi = "une annexe" if annexe else "le document principal"
        noms_admis = ", ".join(sorted(admises))
        yield Anomalie(
            code="piece.format",
            message=f"Pour {quoi}, convertissez ce fichier. Admis : {noms_admis}.",
            champ="NomFichier",
            cellule=cut(fichier.nom),
        )


def check_enveloppe(enveloppe: Enveloppe) -> Iterator[Anomalie]:
    """Ce que le schéma laisse passer dans une enveloppe et qu’il vaut mieux savoir."""
    if not noms.DEPARTEMENT.fullmatch(enveloppe.departement):
        yield Anomalie(
            code="enveloppe.departement", champ="Departement", cellule=cut(enveloppe.departement),
            message="Le département a trois signes : 035, 02A, 971.",
        )  # fmt: skip
    code = enveloppe.type_emetteur
    if not (code.isdigit() and int(code) in TYPES_D_EMETTEUR):
        yield Anomalie(
            code="enveloppe.type", niveau=Niveau.AVERTISSEMENT, champ="Nature", cellule=cut(code),
            message="Ce type de collectivité n’est pas connu des opérateurs : 31 pour une commune.",
        )  # fmt: skip
    if noms.SIREN.fullmatch(enveloppe.siren) and not is_siren(enveloppe.siren):
        yield Anomalie(
            code="enveloppe.siren", niveau=Niveau.AVERTISSEMENT, champ="SIREN",
            cellule=enveloppe.siren,
            message="La clé de ce SIREN ne tombe pas juste. Vérifiez ses neuf chiffres.",
        )  # fmt: skip


def is_siren(texte: str) -> bool:
    """Neuf chiffres dont la clé de Luhn tombe juste."""
    if not noms.SIREN.fullmatch(texte):
        return False
    chiffres = [int(signe) * (1 + rang % 2) for rang, signe in enumerate(texte)]
    return sum(chiffre - 9 if chiffre > 9 else chiffre for chiffre in chiffres) % 10 == 0


def _faute(code: str, message: str, champ: str, cellule: str = "") -> Anomalie:
    return Anomalie(code=f"acte.{code}", message=message, champ=champ, cellule=cut(cellule))


def _avertit(code: str, message: str, champ: str, cellule: str = "") -> Anomalie:
    return Anomalie(
        code=f"acte.{code}", message=message, champ=champ, cellule=cut(cellule),
        niveau=Niveau.AVERTISSEMENT,
    )  # fmt: skip


def _nom(fichier: Fichier, message: str) -> Anomalie:
    return Anomalie(
        code="nom.document", message=message, champ="NomFichier", cellule=cut(fichier.nom)
    )
