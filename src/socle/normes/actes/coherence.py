"""Une archive tient-elle ensemble : enveloppe, messages, documents, noms et contenus."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lxml import etree

from socle.normes.actes import classification as classifications
from socle.normes.actes import modele as m
from socle.normes.actes import noms, regles, totem
from socle.normes.actes.archive import ArchiveLue, Membre
from socle.normes.actes.conformite import Schema, check_forme
from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.lecture import build_message
from socle.normes.actes.rapport import Anomalie, Niveau, cut, soften
from socle.normes.actes.vocabulaire import Sens
from socle.normes.actes.xml import (
    ELEMENTS_MAX,
    OCTETS_MAX,
    drop_instructions,
    get_nom,
    parse_xml,
)

Lieux = Mapping[tuple[str, str], int]  # (champ, ce qui y est écrit ou vide) → ligne
_NOMS_LIBRES = {"nom.message", "nom.enveloppe"}
_ENVELOPPES = (m.Enveloppe, m.EnveloppeRetour, m.AnomalieEnveloppe)
_SIGNATURES = {
    "pdf": b"%PDF-",
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reperes:
    """Ce qui ne se lit pas dans le fichier, donné par l’appelant.

    Attributes:
        classification: celle de la préfecture ; None : le repère national.
        aujourd_hui: jour qu’aucune décision ne dépasse ; None pour ne pas le contrôler.
    """

    schema: Schema | None = None
    classification: classifications.Classification | None = None
    aujourd_hui: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvoiLu:
    """L’archive une fois comprise : son enveloppe, ses messages, ses budgets."""

    nom_enveloppe: str = ""
    enveloppe: m.Message | None = None
    messages: dict[str, m.Message] = field(default_factory=dict)
    budgets: dict[str, totem.Budget] = field(default_factory=dict)


def check_message(
    racine: etree._Element, message: m.Message, nom: str, reperes: Reperes
) -> Iterator[Anomalie]:
    """Contrôle un message seul : sa forme, ses champs, son nom.

    Un nom quelconque avertit : le fichier a pu être renommé. Un nom qui contredit est une erreur.
    Un retour de l’État n’a jamais d’erreur : il s’écarte souvent de son propre schéma, et il faut
    le lire quand même.
    """
    forme = check_forme(racine, message.genre, reperes.schema)
    champs = _check_champs(message, nom, reperes)
    for anomalie in _place([*forme, *champs], message, "", locate(racine)):
        yield soften(anomalie) if anomalie.code in _NOMS_LIBRES else anomalie


def locate(racine: etree._Element) -> Lieux:
    """Lignes de chaque élément et attribut : le premier de ce nom, et celui de ce texte."""
    lieux: dict[tuple[str, str], int] = {}
    for element in racine.iter():
        ligne, nom = element.sourceline or 0, get_nom(element)
        lieux.setdefault((nom, ""), ligne)
        if not len(element):
            lieux.setdefault((nom, cut((element.text or "").strip())), ligne)
        for attribut in element.attrib:
            lieux.setdefault((str(attribut).rpartition("}")[2], ""), ligne)
    return lieux


def _place(
    anomalies: Iterable[Anomalie], message: m.Message, nom: str, lieux: Lieux
) -> Iterator[Anomalie]:
    retour = message.genre.sens is Sens.RETOUR
    for anomalie in anomalies:
        champ = anomalie.champ
        ligne = anomalie.ligne or lieux.get((champ, anomalie.cellule)) or lieux.get((champ, ""))
        place = replace(anomalie, fichier=nom, ligne=ligne)
        yield soften(place) if retour else place


def _check_champs(message: m.Message, nom: str, reperes: Reperes) -> Iterator[Anomalie]:
    match message:
        case m.Acte():
            yield from _check_acte(message, nom, reperes)
        case m.Enveloppe():
            yield from regles.check_enveloppe(message)
        case m.RetourClassification():
            yield from classifications.check_classification(message)
        case m.ARActe() if message.acte is not None:
            yield from _check_recu(message.acte, message.id_acte)
    if isinstance(message, _ENVELOPPES):
        yield from _check_nom_enveloppe(message, nom)
    else:
        yield from _check_nom_message(message, nom)


def _check_acte(acte: m.Acte, nom: str, reperes: Reperes) -> Iterator[Anomalie]:
    lu = noms.parse_nom_message(nom)
    yield from regles.check_acte(acte, reperes.aujourd_hui)
    yield from regles.check_pieces(acte, lu.departement if lu else "", lu.siren if lu else "")
    fichiers = (acte.document, *acte.annexes)
    pieces = (noms.parse_nom_document(fichier.nom) for fichier in fichiers)
    typologies = [piece.typologie for piece in pieces if piece]
    yield from classifications.check_acte(acte, typologies, reperes.classification)


def _check_recu(acte: m.Acte, id_acte: str) -> Iterator[Anomalie]:
    lu = noms.parse_id_acte(id_acte)
    if lu and acte.build_id(lu.departement, lu.siren) not in {lu, None}:
        yield Anomalie(
            code="retour.acte", champ="IDActe", cellule=cut(id_acte),
            message="L’identifiant et l’acte reçu ne parlent pas du même acte. Fiez-vous à"
            " l’identifiant, et signalez-le à la préfecture.",
        )  # fmt: skip


def _check_nom_message(message: m.Message, nom: str) -> Iterator[Anomalie]:
    if not nom:
        return
    lu = noms.parse_nom_message(nom)
    if lu is None:
        yield _nom("message", f"Nommez ce fichier « acte-{message.genre.flux}_0.xml », avec"
                   " l’identifiant de l’acte.", nom)  # fmt: skip
        return
    if lu.flux != message.genre.flux:
        yield _nom("flux", f"Ce message est un {message.genre.flux} : son nom doit le dire.", nom)
    attendu = _get_id(message, lu)
    if attendu and not nom.startswith(f"{attendu}-"):
        yield _nom("acte", f"Ce nom parle d’un autre acte : il doit commencer par « {attendu} »,"
                   " avec la date de la décision.", nom)  # fmt: skip


def _get_id(message: m.Message, lu: noms.NomMessage) -> str:
    if isinstance(message, m.Acte):
        return str(message.build_id(lu.departement, lu.siren) or "")
    complet = lu.jour is not None and lu.numero  # un retour peut laisser ces places vides
    return str(getattr(message, "id_acte", "")) if complet else ""


def _check_nom_enveloppe(message: m.Message, nom: str) -> Iterator[Anomalie]:
    if not nom:
        return
    lu = noms.parse_nom_enveloppe(nom)
    if lu is None:
        yield _nom("enveloppe", "Nommez l’enveloppe « EACT--SIREN--AAAAMMJJ-1.xml », au jour de"
                   " l’envoi.", nom)  # fmt: skip
        return
    if lu.quadrigramme not in {noms.PRODUCTION, noms.ESSAI}:
        yield _nom("quadrigramme", "Le nom commence par EACT, ou TACT pour un essai.", nom)
    siren = getattr(message, "siren", "")
    if siren and lu.siren != siren:
        yield _nom("siren", f"Le SIREN du nom n’est pas celui de l’enveloppe, {siren[:20]}.", nom)


def check_taille(octets: bytes, racine: etree._Element) -> None:
    """Un message est bien plus petit qu’un budget.

    Raises:
        ActeIllisible: plus de 4 Mo, ou de 50 000 éléments.
    """
    if len(octets) > OCTETS_MAX or sum(1 for _ in racine.iter()) > ELEMENTS_MAX:
        raise ActeIllisible(
            f"Ce message dépasse {OCTETS_MAX >> 20} Mo ou {ELEMENTS_MAX} éléments. Vérifiez que"
            " c’est le bon fichier.",
            code="xml.taille",
        )


def check_archive(lue: ArchiveLue, nom: str, reperes: Reperes) -> tuple[EnvoiLu, list[Anomalie]]:
    """Contrôle une archive ouverte : chaque fichier, puis ce qui les lie.

    Args:
        nom: celui de l’archive ; vide pour ne pas le contrôler.
    """
    envoi, lus = EnvoiLu(), _Lus(anomalies=list(lue.anomalies))
    for membre in lue.membres:
        if membre.contenu is not None:
            lus.read(membre, reperes.schema)
    anomalies = lus.anomalies
    enveloppes = {cle: lu for cle, lu in lus.messages.items() if isinstance(lu, _ENVELOPPES)}
    messages = {cle: lu for cle, lu in lus.messages.items() if cle not in enveloppes}
    if len(enveloppes) == 1:
        [(nom_enveloppe, enveloppe)] = enveloppes.items()
        envoi = EnvoiLu(nom_enveloppe=nom_enveloppe, enveloppe=enveloppe)
        anomalies += _relate(_check_place(lue, nom, envoi), envoi)
    else:
        anomalies.append(_archive("enveloppe", f"Enveloppes dans l’archive : {len(enveloppes)}."
                                  " Il en faut une, et une seule."))  # fmt: skip
    envoi = replace(envoi, messages=messages, budgets=lus.budgets)
    reperes = _find_reperes(envoi, reperes)
    for cle, lu in lus.messages.items():
        anomalies += _place(_check_champs(lu, cle, reperes), lu, cle, lus.lieux[cle])
    anomalies += _relate(_check_liens(lue, envoi), envoi)
    for membre in lue.membres:
        anomalies += check_contenu(membre.nom, membre.debut)
    return envoi, anomalies


@dataclass(slots=True, kw_only=True)
class _Lus:
    """Ce que les XML d’une archive contiennent ; leurs arbres ne sont pas gardés."""

    anomalies: list[Anomalie]
    messages: dict[str, m.Message] = field(default_factory=dict)
    budgets: dict[str, totem.Budget] = field(default_factory=dict)
    lieux: dict[str, Lieux] = field(default_factory=dict)
    elements: int = 0

    def read(self, membre: Membre, schema: Schema | None) -> None:
        try:
            self._read(membre, schema)
        except ActeIllisible as refus:
            self.anomalies.append(
                Anomalie(code=refus.code, message=refus.message, fichier=membre.nom)
            )

    def _read(self, membre: Membre, schema: Schema | None) -> None:
        octets, reste = membre.contenu or b"", totem.ELEMENTS_MAX - self.elements
        racine, _ = parse_xml(octets, octets_max=totem.OCTETS_MAX, elements_max=reste)
        self.elements += sum(1 for _ in racine.iter())
        if totem.is_totem(racine):
            self.budgets[membre.nom], anomalies = totem.build_budget(racine)
            self.anomalies += (replace(a, fichier=membre.nom) for a in anomalies)
            return
        drop_instructions(racine)
        check_taille(octets, racine)
        message = build_message(racine)
        self.messages[membre.nom] = message
        forme = check_forme(racine, message.genre, schema)
        self.lieux[membre.nom] = locate(racine)
        self.anomalies += _place(forme, message, membre.nom, {})


def _find_reperes(envoi: EnvoiLu, reperes: Reperes) -> Reperes:
    """L’acte ne peut être daté après l’envoi, que le nom de l’enveloppe date."""
    lu = noms.parse_nom_enveloppe(envoi.nom_enveloppe)
    jours = [jour for jour in (lu.jour if lu else None, reperes.aujourd_hui) if jour]
    return replace(reperes, aujourd_hui=min(jours) if jours else None)


def _relate(anomalies: Iterable[Anomalie], envoi: EnvoiLu) -> Iterator[Anomalie]:
    retour = envoi.enveloppe is not None and envoi.enveloppe.genre.sens is Sens.RETOUR
    return (soften(anomalie) if retour else anomalie for anomalie in anomalies)


def _check_place(lue: ArchiveLue, nom: str, envoi: EnvoiLu) -> Iterator[Anomalie]:
    if lue.membres[0].nom != envoi.nom_enveloppe:
        yield _archive("ordre", "L’enveloppe doit être le premier fichier.", envoi.nom_enveloppe)
    if not nom:
        return
    archive = noms.parse_nom_archive(nom)
    if archive is None:
        yield soften(_archive("fichier", "Nommez l’archive « SLO-EACT--SIREN--AAAAMMJJ-1.tar.gz »,"
                              " où SLO est l’opérateur.", nom))  # fmt: skip
    elif archive.nom_enveloppe != envoi.nom_enveloppe:
        yield _archive("jumelle", f"L’archive et son enveloppe, « {cut(envoi.nom_enveloppe)} »,"
                       " doivent porter le même nom.", nom)  # fmt: skip


def _check_liens(lue: ArchiveLue, envoi: EnvoiLu) -> Iterator[Anomalie]:
    presents = {membre.nom for membre in lue.membres}
    annonces = [fichier.nom for fichier in getattr(envoi.enveloppe, "messages", ())]
    cites = [fichier.nom for lu in envoi.messages.values() for fichier in list_fichiers(lu)]
    for nom in [*annonces, *cites]:
        if nom not in presents:
            yield _archive("absent", "Ce fichier est cité et n’est pas dans l’archive.", nom)
    for nom in sorted({*envoi.messages} - {*annonces}):
        yield _archive("annonce", "L’enveloppe n’annonce pas ce message. Ajoutez-le.", nom)
    connus = {envoi.nom_enveloppe, *envoi.messages, *annonces, *cites}
    for nom in sorted(presents - connus):
        yield _archive("en_trop", "Aucun message ne cite ce fichier. Ôtez-le ou citez-le.", nom)
    yield from _check_emetteur(envoi)


def _check_emetteur(envoi: EnvoiLu) -> Iterator[Anomalie]:
    if not isinstance(envoi.enveloppe, m.Enveloppe):
        return
    attendu = (envoi.enveloppe.departement, envoi.enveloppe.siren)
    for nom in envoi.messages:
        lu = noms.parse_nom_message(nom)
        if lu and (lu.departement, lu.siren) != attendu:
            yield _archive("emetteur", "Ce message porte un autre SIREN, ou un autre département,"
                           " que l’enveloppe.", nom)  # fmt: skip


def list_fichiers(message: m.Message) -> list[m.Fichier]:
    """Documents qu’un message cite ; aucun pour un accusé."""
    match message:
        case m.Acte():
            return [message.document, *message.annexes]
        case m.Courrier():
            return [*message.documents]
        case m.Defere():
            return [*message.pieces]
        case _:
            return []


def check_contenu(nom: str, debut: bytes) -> Iterator[Anomalie]:
    """Une pièce n’est pas vide, et commence comme son nom le dit.

    Args:
        debut: ses premiers octets.
    """
    if not debut:
        yield _piece("vide", "Ce fichier est vide. Remplacez-le.", nom)
        return
    extension = nom.rpartition(".")[2].lower()
    attendu = _SIGNATURES.get(extension)
    if attendu and not debut.startswith(attendu):
        yield _piece("contenu", f"Ce fichier n’est pas un {extension.upper()}, malgré son nom."
                     " Convertissez-le.", nom)  # fmt: skip


def _nom(code: str, message: str, nom: str) -> Anomalie:
    return Anomalie(code=f"nom.{code}", message=message, cellule=cut(nom))


def _archive(code: str, message: str, nom: str = "") -> Anomalie:
    return Anomalie(code=f"archive.{code}", message=message, cellule=cut(nom))


def _piece(code: str, message: str, nom: str) -> Anomalie:
    return Anomalie(code=f"piece.{code}", message=message, fichier=nom, niveau=Niveau.ERREUR)
