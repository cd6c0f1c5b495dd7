"""Lecture indulgente et bornée de tous les messages SEDA 2.1 à 2.3, au fil de l’eau.

Un message réel n’est pas toujours valide au schéma (les refus de Vitam ne le sont pas) : on lit ce
qui est là, on dit ce qui manque, et l’appelant juge. Aucun arbre n’est gardé.

Source : NF Z44-022, les quinze messages du standard.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from lxml import etree

from socle.normes.seda.grammaire import PREFIXE, VERSIONS
from socle.normes.seda.grammaire.noeuds import get_grammaire
from socle.normes.seda.message_lu import (
    MESSAGE,
    Bornes,
    CodeDeReponse,
    DemandeDAutorisation,
    EvenementLu,
    Genre,
    MessageIllisible,
    MessageLu,
    UniteDuMessage,
)

CARACTERES_MAX = 2_000
VALEURS_MAX = 10_000
_MORCEAU = 64 << 10
_PARIS = ZoneInfo("Europe/Paris")
_ANNEES = range(1990, 2200)


def read_message(flux: IO[bytes], bornes: Bornes = MESSAGE) -> MessageLu:
    """Lit un message SEDA en mémoire bornée ; `REPONSE` ne veut qu’une réponse à un versement.

    Les textes sont coupés à `CARACTERES_MAX` signes. Les refus de Vitam ne sont pas valides au
    schéma (identifiants vides) : ils se lisent quand même.

    Raises:
        MessageIllisible: trop lourd, mal formé, DTD, trop profond, autre genre, autre version.
    """
    cible = _Cible(bornes)
    analyseur = etree.XMLParser(  # type: ignore[call-overload]
        target=cible, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    lus = 0
    try:
        while morceau := flux.read(_MORCEAU):
            lus += len(morceau)
            if lus > bornes.octets:
                raise MessageIllisible(
                    f"Ce fichier dépasse {bornes.octets >> 20} Mo.",
                    "Vérifiez que c’est le message et non le paquet, ou demandez-en plusieurs.",
                )
            analyseur.feed(morceau)
        analyseur.close()
    except (etree.XMLSyntaxError, UnicodeError) as cause:
        raise _mal_forme(cause) from cause
    if cible.lu is None:
        raise _mal_forme(None)
    return cible.finish()


def _mal_forme(cause: Exception | None) -> MessageIllisible:
    ligne = getattr(cause, "lineno", None)
    lieu = f" (ligne {ligne})" if ligne else ""
    return MessageIllisible(
        f"Ce fichier n’est pas un XML bien formé{lieu}.",
        "Téléchargez-le ou demandez-le de nouveau, sans l’ouvrir ni le modifier. Une réponse sur"
        " papier ou en PDF se note à la main.",
    )


def parse_instant(texte: str) -> datetime | None:
    """Lit une date, avec ou sans heure ; sans fuseau, à l’heure de Paris. None si illisible."""
    try:
        instant = datetime.fromisoformat(texte.strip())
    except ValueError:
        return None
    if instant.year not in _ANNEES:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=_PARIS)


_EVENEMENT = {
    "EventTypeCode": "code",
    "EventType": "libelle",
    "Outcome": "resultat",
    "OutcomeDetail": "detail",
    "OutcomeDetailMessage": "message",
    "EventDetailData": "donnees",
}
_UNITE = {
    "Title": "titre",
    "SystemId": "systeme",
    "ArchivalAgencyArchiveUnitIdentifier": "cote",
}
_TEXTES = {
    "MessageIdentifier": "identifiant",
    "ArchivalAgreement": "accord",
    "MessageReceivedIdentifier": "repond_a",
    "MessageRequestIdentifier": "repond_a",
    "AuthorizationRequestReplyIdentifier": "autorisation",
}
_INSTANTS = {
    "Date": "date",
    "GrantDate": "prise_en_charge",
    "TransferDate": "date_de_transfert",
}
_LISTES = {
    "Comment": "commentaires",
    "UnitIdentifier": "unites_visees",
    "RelatedTransferReference": "transferts_lies",
}
_OBJETS = frozenset(("BinaryDataObject", "PhysicalDataObject"))


class _Cible:
    """Reçoit l’analyse au fil de l’eau et remplit un `MessageLu`."""

    def __init__(self, bornes: Bornes) -> None:
        self.bornes = bornes
        self.lu: MessageLu | None = None
        self._chemin: list[str] = []
        self._espace = ""
        self._texte: list[str] | None = None
        self._reste = 0
        self._unites: list[str] = []
        self._objet = ""
        self._vus: set[str] = set()

    def doctype(self, *_: object) -> None:
        raise MessageIllisible(
            "Ce fichier déclare une DTD, ce qui permet des attaques par entités.",
            "Demandez-le sans la ligne « <!DOCTYPE … > ».",
        )

    def start(self, balise: str, attributs: Mapping[str, str]) -> None:
        if self.lu is None:
            self.lu = self._read_racine(balise)
        if len(self._chemin) >= self.bornes.niveaux:
            raise MessageIllisible(
                f"Ce fichier emboîte plus de {self.bornes.niveaux} éléments.",
                "Ce n’est pas un message ordinaire.",
            )
        nom = balise.removeprefix(self._espace)
        self._chemin.append(nom)
        if len(self._chemin) == 2:
            self._vus.add(nom)
        if nom == "ArchiveUnit":
            self._unites.append(attributs.get("id", "")[:CARACTERES_MAX])
        elif nom in _OBJETS:
            self._objet = attributs.get("id", "")[:CARACTERES_MAX]
        elif self._chemin[1:] == ["Operation", "Event"]:
            self._add_evenement(self.lu)
        self._texte, self._reste = [], CARACTERES_MAX

    def data(self, texte: str) -> None:
        if self._texte is not None and self._reste > 0:
            self._texte.append(texte[: self._reste])
            self._reste -= len(texte)

    def end(self, balise: str) -> None:
        feuille = self._texte is not None
        texte = " ".join("".join(self._texte or ()).split())
        self._texte = None
        if feuille and texte and self.lu is not None:
            self._keep(self.lu, self._chemin[1:], texte)
        if self._chemin.pop() == "ArchiveUnit":
            self._unites.pop()

    def comment(self, texte: str) -> None:
        """Ignore un commentaire."""

    def pi(self, cible: str, donnees: str | None = None) -> None:
        """Ignore une instruction de traitement."""

    def close(self) -> None:
        """Termine : le message est dans `lu`."""

    def finish(self) -> MessageLu:
        """Rend le message, avec ce qui lui manque."""
        lu = self.lu
        assert lu is not None  # noqa: S101  l’appelant l’a vérifié
        exiges = get_grammaire(lu.version)[lu.genre].iter_elements()
        lu.manques = [e.nom for e in exiges if e.obligatoire and e.nom not in self._vus]
        return lu

    def _read_racine(self, balise: str) -> MessageLu:
        espace, _, nom = balise.removeprefix("{").rpartition("}")
        if nom not in self.bornes.genres or not espace.startswith(PREFIXE):
            raise MessageIllisible(*self.bornes.attendu)
        version = espace.removeprefix(PREFIXE)
        if version not in VERSIONS:
            raise MessageIllisible(
                f"Ce message est en SEDA {version[:10]}.",
                f"Socle lit les versions {', '.join(VERSIONS)} : demandez-en une.",
            )
        self._espace = f"{{{espace}}}"
        return MessageLu(genre=Genre(nom), version=version)

    def _add_evenement(self, lu: MessageLu) -> None:
        if len(lu.evenements) < self.bornes.evenements:
            lu.evenements.append(EvenementLu())
        else:
            lu.coupe = True
            self._chemin[-1] = ""  # au-delà : ses champs ne ressemblent plus à rien de suivi

    def _keep(self, lu: MessageLu, chemin: list[str], texte: str) -> None:
        """Range un texte d’après sa place."""
        if len(chemin) == 1:
            _keep_entete(lu, chemin[0], texte)
        elif chemin[:2] == ["Operation", "Event"] and len(chemin) == 3:
            _fill(lu.evenements[-1], _EVENEMENT.get(chemin[2], ""), texte)
        elif chemin[-1:] == ["DataObjectSystemId"]:
            self._keep_objet(lu, texte)
        elif chemin[-2:-1] == ["Content"] and self._unites:
            self._keep_unite(lu, _UNITE.get(chemin[-1], ""), texte)
        elif len(chemin) == 2 and chemin[1] == "Identifier":
            lu.organismes.setdefault(chemin[0], texte)
        elif chemin[0] == "AuthorizationRequestContent":
            _keep_demande(lu, chemin[1:], texte)

    def _keep_unite(self, lu: MessageLu, champ: str, texte: str) -> None:
        identifiant = self._unites[-1]
        if not champ:
            return
        if identifiant in lu.unites or len(lu.unites) < self.bornes.unites:
            _fill(lu.unites.setdefault(identifiant, UniteDuMessage()), champ, texte)
        else:
            lu.coupe = True

    def _keep_objet(self, lu: MessageLu, texte: str) -> None:
        if len(lu.objets) < self.bornes.unites:
            lu.objets.setdefault(self._objet, texte)
        else:
            lu.coupe = True


def _keep_entete(lu: MessageLu, nom: str, texte: str) -> None:
    if nom in _TEXTES:
        _fill(lu, _TEXTES[nom], texte)
    elif nom in _INSTANTS:
        if getattr(lu, _INSTANTS[nom]) is None:
            setattr(lu, _INSTANTS[nom], parse_instant(texte))
    elif nom in _LISTES:
        _append(lu, getattr(lu, _LISTES[nom]), texte)
    elif nom == "ReplyCode" and not lu.code_ecrit:
        lu.code_ecrit = texte
        lu.code = next((code for code in CodeDeReponse if code.value == texte), None)
    elif nom == "Derogation" and lu.derogation is None:
        lu.derogation = {"true": True, "1": True, "false": False, "0": False}.get(texte)


def _keep_demande(lu: MessageLu, chemin: list[str], texte: str) -> None:
    demande = lu.demande = lu.demande or DemandeDAutorisation()
    if chemin == ["AuthorizationReason"]:
        _fill(demande, "motif", texte)
    elif chemin == ["RequestDate"]:
        demande.date = demande.date or parse_instant(texte)
    elif chemin == ["Requester", "Identifier"]:
        _fill(demande, "demandeur", texte)
    elif chemin == ["UnitIdentifier"]:
        _append(lu, lu.unites_visees, texte)


def _append(lu: MessageLu, liste: list[str], texte: str) -> None:
    if len(liste) < VALEURS_MAX:
        liste.append(texte)
    else:
        lu.coupe = True


def _fill(objet: object, champ: str, texte: str) -> None:
    """Le premier gagne : une répétition ne change rien."""
    if champ and not getattr(objet, champ):
        setattr(objet, champ, texte)
