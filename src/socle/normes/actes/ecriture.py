"""Écrire un message : ISO-8859-1, ordre du schéma, attributs préfixés, contrôlé avant d’être rendu.

Ce que l’ISO-8859-1 n’a pas (’ “ œ €) s’écrit en référence de caractère : tout lecteur le rend.
"""

import re
from datetime import date

from lxml import etree

from socle.normes.actes import modele as m
from socle.normes.actes.conformite import Schema, check_forme
from socle.normes.actes.errors import ActeRefuse
from socle.normes.actes.rapport import Anomalie, clean, cut
from socle.normes.actes.vocabulaire import ACTES, ESPACES, INSEE, Genre

ENCODAGE = "ISO-8859-1"
_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIREN = f"{{{INSEE}}}SIREN"


def write_message(message: m.Message, schema: Schema | None = None) -> bytes:
    """Rend le fichier XML d’un message.

    Args:
        schema: schéma officiel, qui juge en plus de notre grammaire.

    Raises:
        ActeRefuse: le fichier ne serait pas valide ; chaque anomalie dit le champ à corriger.
    """
    try:
        racine = _build(message)
    except _SigneInterdit as refus:
        raise ActeRefuse([_build_signe(refus)]) from refus
    arbre = etree.ElementTree(racine)
    anomalies = check_forme(racine, message.genre, None)
    if not anomalies and schema is not None:
        anomalies = check_forme(racine, message.genre, schema)
    if anomalies:
        raise ActeRefuse(anomalies)
    return etree.tostring(arbre, encoding=ENCODAGE, xml_declaration=True, pretty_print=True)


class _SigneInterdit(Exception):
    def __init__(self, champ: str, texte: str) -> None:
        self.champ, self.texte = champ, texte
        super().__init__(champ)


def _build_signe(refus: _SigneInterdit) -> Anomalie:
    message = (
        f"« {refus.champ} » contient un signe invisible qu’un XML ne peut pas porter. Ôtez-le."
    )
    return Anomalie(
        code="acte.signe", message=message, champ=refus.champ, cellule=cut(clean(refus.texte))
    )


def _sain(champ: str, valeur: object) -> str:
    texte = str(valeur)
    if _INTERDITS.search(texte):
        raise _SigneInterdit(champ, texte)
    return texte


def _racine(nom: str, **attributs: object) -> etree._Element:
    element = etree.Element(f"{{{ACTES}}}{nom}", nsmap=ESPACES)
    _set(element, **attributs)
    return element


def _add(
    parent: etree._Element, nom: str, texte: object = None, **attributs: object
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ACTES}}}{nom}")
    if texte is not None:
        element.text = _sain(nom, texte)
    _set(element, **attributs)
    return element


def _set(element: etree._Element, **attributs: object) -> None:
    for nom, valeur in attributs.items():
        if valeur is not None:
            element.set(f"{{{ACTES}}}{nom}", _sain(nom, valeur))


def _jour(valeur: date | None) -> str | None:
    return valeur.isoformat() if valeur else None


def _add_fichier(parent: etree._Element, nom: str, fichier: m.Fichier) -> None:
    element = _add(parent, nom)
    _add(element, "NomFichier", fichier.nom)
    if fichier.signature:
        _add(element, "Signature", fichier.signature)


def _fill_acte(element: etree._Element, acte: m.Acte) -> None:
    _set(element, Date=_jour(acte.jour), NumeroInterne=acte.numero, CodeNatureActe=acte.nature)
    for rang, code in enumerate(acte.matieres, 1):
        _add(element, f"CodeMatiere{rang}", CodeMatiere=code)
    _add(element, "Objet", acte.objet)
    if acte.precedent:
        _add(element, "PrecedentIdentifiantActe", IDActe=acte.precedent)
    _add(element, "ClassificationDateVersion", _jour(acte.classification))
    _add_fichier(element, "Document", acte.document)
    nombre = len(acte.annexes) if acte.nombre_annexes is None else acte.nombre_annexes
    annexes = _add(element, "Annexes", Nombre=nombre)
    for annexe in acte.annexes:
        _add_fichier(annexes, "Annexe", annexe)
    _add(element, "DocumentPapier", acte.papier)


def _fill_recu(element: etree._Element, message: m.ARActe | m.AnomalieActe) -> None:
    if message.acte is not None:
        _fill_acte(_add(element, "ActeRecu"), message.acte)
    _add(element, "ClassificationDateVersionEnCours", _jour(message.classification_en_cours))


def _fill_referent(emetteur: etree._Element, referent: m.Referent | None) -> None:
    if referent is None:
        return
    element = _add(emetteur, "Referent")
    for nom, texte in (
        ("Nom", referent.nom), ("Telephone", referent.telephone), ("Email", referent.courriel),
    ):  # fmt: skip
        if texte:
            _add(element, nom, texte)


def _fill_formulaires(element: etree._Element, messages: tuple[m.Fichier, ...]) -> None:
    formulaires = _add(element, "FormulairesEnvoyes")
    for message in messages:
        _add_fichier(formulaires, "Formulaire", message)


def _fill_enveloppe(element: etree._Element, enveloppe: m.Enveloppe) -> None:
    emetteur = _add(element, "Emetteur")
    identite = _add(
        emetteur, "IDCL", Departement=enveloppe.departement,
        Arrondissement=enveloppe.arrondissement, Nature=enveloppe.type_emetteur,
    )  # fmt: skip
    identite.set(_SIREN, _sain("SIREN", enveloppe.siren))
    _fill_referent(emetteur, enveloppe.referent)
    adresses = _add(element, "AdressesRetour")
    for courriel in enveloppe.courriels:
        _add(adresses, "Email", courriel)
    _fill_formulaires(element, enveloppe.messages)


def _build_retour(message: m.EnveloppeRetour) -> etree._Element:
    racine = _racine(message.genre.racine)
    emetteur = _add(racine, "Emetteur")
    _add(
        emetteur, message.emetteur or "IDPref", Departement=message.departement,
        Arrondissement=message.arrondissement or None,
    )  # fmt: skip
    _fill_referent(emetteur, message.referent)
    _fill_formulaires(racine, message.messages)
    _add(racine, "Destinataire").set(_SIREN, _sain("SIREN", message.siren))
    return racine


def _build_refus(message: m.AnomalieActe | m.AnomalieEnveloppe) -> etree._Element:
    racine = _racine(message.genre.racine)
    _add(racine, "Date", _jour(message.jour))
    _add(racine, "Nature", message.nature)
    if message.detail:
        _add(racine, "Detail", message.detail)
    if isinstance(message, m.AnomalieActe):
        _fill_recu(racine, message)
    elif message.enveloppe is not None:
        _fill_enveloppe(_add(racine, "EnveloppeRecue"), message.enveloppe)
    return racine


def _build_courrier(message: m.Courrier) -> etree._Element:
    racine = _racine(
        message.genre.racine, IDActe=message.id_acte, DateCourrierPref=_jour(message.jour)
    )
    champ = {Genre.DEMANDE_PIECES: "DescriptionPieces", Genre.LETTRE_OBSERVATIONS: "Motif"}
    if nom := champ.get(message.genre):
        _add(racine, nom, message.texte)
    place = _add(racine, "Documents") if message.genre is Genre.PIECES else racine
    for document in message.documents:
        _add_fichier(place, "Document", document)
    return racine


def _build_accuse(message: m.ARReponse) -> etree._Element:
    racine = _racine(message.genre.racine, DateReception=_jour(message.reception))
    _add(racine, "InfosCourrierPref", IDActe=message.id_acte, DateCourrierPref=_jour(message.jour))
    return racine


def _build_defere(message: m.Defere) -> etree._Element:
    racine = _racine(message.genre.racine, IDActe=message.id_acte)
    _add(racine, "DateDepot", _jour(message.depot))
    _add(racine, "NatureIllegalite", message.illegalite)
    pieces = _add(racine, "PiecesJointes")
    for piece in message.pieces:
        _add_fichier(pieces, "PieceJointe", piece)
    return racine


def _add_matiere(parent: etree._Element, matiere: m.Matiere, rang: int = 1) -> None:
    element = _add(
        parent, f"Matiere{rang}", CodeMatiere=matiere.code.rpartition(".")[2],
        Libelle=matiere.libelle,
    )  # fmt: skip
    for fille in matiere.filles:
        _add_matiere(element, fille, rang + 1)


def _build_classification(message: m.RetourClassification) -> etree._Element:
    racine = _racine(message.genre.racine)
    _add(racine, "DateClassification", _jour(message.jour))
    natures = _add(racine, "NaturesActes")
    for nature in message.natures:
        element = _add(
            natures, "NatureActe", CodeNatureActe=nature.code, Libelle=nature.libelle,
            TypeAbrege=nature.abrege,
        )  # fmt: skip
        for code, libelle in nature.pieces:
            _add(element, "TypePJNatureActe", CodeTypePJ=code, Libelle=libelle)
    matieres = _add(racine, "Matieres")
    for matiere in message.matieres:
        _add_matiere(matieres, matiere)
    return racine


def _build(message: m.Message) -> etree._Element:
    match message:
        case m.Courrier():
            return _build_courrier(message)
        case m.ARReponse():
            return _build_accuse(message)
        case m.AnomalieActe() | m.AnomalieEnveloppe():
            return _build_refus(message)
        case m.RetourClassification():
            return _build_classification(message)
        case m.EnveloppeRetour():
            return _build_retour(message)
        case m.Defere():
            return _build_defere(message)
        case _:
            return _build_simple(message)


def _build_simple(message: m.Message) -> etree._Element:
    racine = _racine(message.genre.racine)
    match message:
        case m.Acte():
            _fill_acte(racine, message)
        case m.Enveloppe():
            _fill_enveloppe(racine, message)
        case m.ARActe() | m.ARAnnulation():
            _set(racine, IDActe=message.id_acte, DateReception=_jour(message.reception))
            if isinstance(message, m.ARActe):
                _fill_recu(racine, message)
        case m.Annulation():
            _set(racine, IDActe=message.id_acte)
        case m.DemandeClassification() | m.ClassificationInchangee() if message.jour:
            _add(racine, "DateClassification", _jour(message.jour))
    return racine
