"""Lire un message, comme une donnée hostile, et avec indulgence.

Les retours de l’État s’écartent souvent de son propre schéma : on lit par le nom des éléments, sans
égard aux espaces de noms ni à l’ordre ; le premier élément rempli gagne. Les écarts se disent dans
le rapport (`conformite`) ; ils n’empêchent jamais de lire.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import takewhile

from lxml import etree

from socle.normes.actes import modele as m
from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.grammaire import parse_date
from socle.normes.actes.vocabulaire import ACCUSES_DE_REPONSE, COURRIERS, GENRES, Genre
from socle.normes.actes.xml import drop_instructions, get_nom, parse_xml


def read_message(octets: bytes) -> m.Message:
    """Lit un message, une enveloppe ou une classification.

    Raises:
        ActeIllisible: XML refusé (`xml.parse_xml`), ou racine inconnue.
    """
    racine, _ = parse_xml(octets)
    drop_instructions(racine)
    return build_message(racine)


def build_message(racine: etree._Element) -> m.Message:
    """Rend le message d’un arbre déjà lu.

    Raises:
        ActeIllisible: sa racine n’est pas celle d’un message.
    """
    genre = find_genre(racine)
    if genre is None:
        raise ActeIllisible(
            f"« {get_nom(racine)[:60]} » n’est pas un message @CTES. Donnez un message, une"
            " enveloppe, une archive .tar.gz ou un budget TotEM.",
            code="message.inconnu",
        )
    if genre in COURRIERS:
        return _read_courrier(racine, genre)
    if genre in ACCUSES_DE_REPONSE:
        return _read_accuse(racine, genre)
    return _LECTEURS[genre](racine)


def find_genre(racine: etree._Element) -> Genre | None:
    """Genre d’un message, d’après sa racine ; None si elle est inconnue."""
    return GENRES.get(get_nom(racine))


def _iter(element: etree._Element | None, nom: str) -> Iterator[etree._Element]:
    if element is not None:
        yield from (enfant for enfant in element if get_nom(enfant) == nom)


def _un(element: etree._Element | None, *noms: str) -> etree._Element | None:
    """Suit un chemin : à chaque pas, le premier qui n’est pas vide, sinon le premier."""
    for nom in noms:
        trouves = list(_iter(element, nom))
        pleins = (t for t in trouves if len(t) or t.attrib or (t.text or "").strip())
        element = next(pleins, trouves[0] if trouves else None)
    return element


def _texte(element: etree._Element | None, *noms: str) -> str:
    trouve = _un(element, *noms) if noms else element
    return "".join(trouve.itertext()).strip() if trouve is not None else ""


def _attribut(element: etree._Element | None, nom: str) -> str:
    if element is None:
        return ""
    return next(
        (str(v).strip() for cle, v in element.attrib.items() if str(cle).rpartition("}")[2] == nom),
        "",
    )


def _jour(element: etree._Element | None, *noms: str) -> date | None:
    return parse_date(_texte(element, *noms))


def _jour_attribut(element: etree._Element | None, nom: str) -> date | None:
    return parse_date(_attribut(element, nom))


def _nombre(texte: str) -> int | None:
    return int(texte) if len(texte) <= 9 and texte.isascii() and texte.isdigit() else None


def _fichier(element: etree._Element) -> m.Fichier:
    nom = _texte(element, "NomFichier").replace("\\", "/").rpartition("/")[2]
    return m.Fichier(nom=nom, signature=_texte(element, "Signature"))


def _fichiers(element: etree._Element | None, nom: str) -> tuple[m.Fichier, ...]:
    return tuple(_fichier(enfant) for enfant in _iter(element, nom))


def _read_acte(element: etree._Element) -> m.Acte:
    codes = (_attribut(_un(element, f"CodeMatiere{rang}"), "CodeMatiere") for rang in range(1, 6))
    document, annexes = _un(element, "Document"), _un(element, "Annexes")
    return m.Acte(
        numero=_attribut(element, "NumeroInterne"),
        jour=_jour_attribut(element, "Date"),
        nature=_nombre(_attribut(element, "CodeNatureActe")),
        matieres=tuple(takewhile(bool, codes)),  # un niveau manque : les suivants ne disent rien
        objet=_texte(element, "Objet"),
        classification=_jour(element, "ClassificationDateVersion"),
        document=_fichier(document) if document is not None else m.Fichier(nom=""),
        annexes=_fichiers(annexes, "Annexe"),
        papier=_texte(element, "DocumentPapier"),
        precedent=_attribut(_un(element, "PrecedentIdentifiantActe"), "IDActe"),
        nombre_annexes=_nombre(_attribut(annexes, "Nombre")),
    )


def _read_recu(element: etree._Element) -> m.Acte | None:
    recu = _un(element, "ActeRecu")
    if recu is None:
        recu = _un(element, "Acte")  # vu dans un accusé réel
    return _read_acte(recu) if recu is not None else None


def _read_ar(element: etree._Element) -> m.ARActe:
    return m.ARActe(
        id_acte=_attribut(element, "IDActe"),
        reception=_jour_attribut(element, "DateReception"),
        acte=_read_recu(element),
        classification_en_cours=_jour(element, "ClassificationDateVersionEnCours"),
    )


def _read_anomalie(element: etree._Element) -> m.AnomalieActe:
    return m.AnomalieActe(
        jour=_jour(element, "Date"),
        nature=_texte(element, "Nature"),
        detail=_texte(element, "Detail"),
        acte=_read_recu(element),
        classification_en_cours=_jour(element, "ClassificationDateVersionEnCours"),
    )


def _read_courrier(element: etree._Element, genre: Genre) -> m.Courrier:
    place = _un(element, "Documents") if genre is Genre.PIECES else element
    return m.Courrier(
        genre=genre,
        id_acte=_attribut(element, "IDActe"),
        jour=_jour_attribut(element, "DateCourrierPref"),
        texte=_texte(element, "DescriptionPieces") or _texte(element, "Motif"),
        documents=_fichiers(place, "Document"),
    )


def _read_accuse(element: etree._Element, genre: Genre) -> m.ARReponse:
    courrier = _un(element, "InfosCourrierPref")
    return m.ARReponse(
        genre=genre,
        id_acte=_attribut(courrier, "IDActe"),
        jour=_jour_attribut(courrier, "DateCourrierPref"),
        reception=_jour_attribut(element, "DateReception"),
    )


def _read_defere(element: etree._Element) -> m.Defere:
    return m.Defere(
        id_acte=_attribut(element, "IDActe"),
        depot=_jour(element, "DateDepot"),
        illegalite=_texte(element, "NatureIllegalite"),
        pieces=_fichiers(_un(element, "PiecesJointes"), "PieceJointe"),
    )


def _read_referent(element: etree._Element | None) -> m.Referent | None:
    referent = _un(element, "Referent")
    if referent is None:
        return None
    return m.Referent(
        nom=_texte(referent, "Nom"),
        telephone=_texte(referent, "Telephone"),
        courriel=_texte(referent, "Email"),
    )


def _read_messages(element: etree._Element) -> tuple[m.Fichier, ...]:
    return _fichiers(_un(element, "FormulairesEnvoyes"), "Formulaire")


def _read_enveloppe(element: etree._Element) -> m.Enveloppe:
    emetteur = _un(element, "Emetteur")
    identite = _un(emetteur, "IDCL")
    adresses = _iter(_un(element, "AdressesRetour"), "Email")
    return m.Enveloppe(
        siren=_attribut(identite, "SIREN"),
        departement=_attribut(identite, "Departement"),
        arrondissement=_attribut(identite, "Arrondissement"),
        type_emetteur=_attribut(identite, "Nature"),
        courriels=tuple(_texte(adresse) for adresse in adresses),
        messages=_read_messages(element),
        referent=_read_referent(emetteur),
    )


def _read_retour(element: etree._Element) -> m.EnveloppeRetour:
    emetteur = _un(element, "Emetteur")
    noms = ("IDSGAR", "IDPref", "IDSousPref")
    nom = next((nom for nom in noms if _un(emetteur, nom) is not None), "")
    identite = _un(emetteur, nom) if nom else None
    return m.EnveloppeRetour(
        emetteur=nom,
        departement=_attribut(identite, "Departement"),
        arrondissement=_attribut(identite, "Arrondissement"),
        siren=_attribut(_un(element, "Destinataire"), "SIREN"),
        messages=_read_messages(element),
        referent=_read_referent(emetteur),
    )


def _read_refus(element: etree._Element) -> m.AnomalieEnveloppe:
    recue = _un(element, "EnveloppeRecue")
    return m.AnomalieEnveloppe(
        jour=_jour(element, "Date"),
        nature=_texte(element, "Nature"),
        detail=_texte(element, "Detail"),
        enveloppe=_read_enveloppe(recue) if recue is not None else None,
    )


def _read_nature(element: etree._Element) -> m.NatureAdmise:
    return m.NatureAdmise(
        code=_nombre(_attribut(element, "CodeNatureActe")),
        libelle=_attribut(element, "Libelle"),
        abrege=_attribut(element, "TypeAbrege"),
        pieces=tuple(
            (_attribut(piece, "CodeTypePJ"), _attribut(piece, "Libelle"))
            for piece in _iter(element, "TypePJNatureActe")
        ),
    )


def _read_matieres(
    element: etree._Element | None, rang: int = 1, debut: str = ""
) -> tuple[m.Matiere, ...]:
    matieres = []
    for enfant in _iter(element, f"Matiere{rang}"):
        code = f"{debut}{_attribut(enfant, 'CodeMatiere')}"
        filles = _read_matieres(enfant, rang + 1, f"{code}.") if rang < 5 else ()
        matieres.append(m.Matiere(code=code, libelle=_attribut(enfant, "Libelle"), filles=filles))
    return tuple(matieres)


def _read_classification(element: etree._Element) -> m.RetourClassification:
    natures = _iter(_un(element, "NaturesActes"), "NatureActe")
    return m.RetourClassification(
        jour=_jour(element, "DateClassification"),
        natures=tuple(_read_nature(nature) for nature in natures),
        matieres=_read_matieres(_un(element, "Matieres")),
    )


_LECTEURS: dict[Genre, Callable[[etree._Element], m.Message]] = {
    Genre.ENVELOPPE: _read_enveloppe,
    Genre.ENVELOPPE_RETOUR: _read_retour,
    Genre.ANOMALIE_ENVELOPPE: _read_refus,
    Genre.ACTE: _read_acte,
    Genre.AR_ACTE: _read_ar,
    Genre.ANOMALIE_ACTE: _read_anomalie,
    Genre.DEFERE: _read_defere,
    Genre.ANNULATION: lambda e: m.Annulation(id_acte=_attribut(e, "IDActe")),
    Genre.AR_ANNULATION: lambda e: m.ARAnnulation(
        id_acte=_attribut(e, "IDActe"), reception=_jour_attribut(e, "DateReception")
    ),
    Genre.DEMANDE_CLASSIFICATION: lambda e: m.DemandeClassification(
        jour=_jour(e, "DateClassification")
    ),
    Genre.RETOUR_CLASSIFICATION: _read_classification,
    Genre.CLASSIFICATION_INCHANGEE: lambda e: m.ClassificationInchangee(
        jour=_jour(e, "DateClassification")
    ),
}
