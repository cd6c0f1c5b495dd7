"""Lecture d’une page postée : valeurs, erreurs, fichiers, gestes sur les lignes.

Rien de ce que la personne tape n’est perdu : une saisie illisible est gardée telle quelle sous la
clé `_bruts` des réponses, et remontrée.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from socle.fondations.commun.identifiants import uuid7
from socle.fondations.formulaires.definition import BlocRepetable, PieceJustificative
from socle.fondations.formulaires.moteur.echanges import is_verrouille, read_etat_source
from socle.fondations.formulaires.moteur.etat import Etat, evaluate, make_chemin
from socle.fondations.formulaires.moteur.structure import ChampCompile, PageCompilee, Structure
from socle.fondations.formulaires.types import Donnees
from socle.fondations.formulaires.types.base import Lecture
from socle.fondations.formulaires.types.piece import FichierPoste, list_pieces, sort_fichiers
from socle.fondations.formulaires.types.structure import is_ulid, list_lignes
from socle.fondations.formulaires.valeurs import Json, Reponses

CLE_BRUTS = "_bruts"
CLE_PRESENTS = "_presents"
CLE_ACTION = "_action"
CHOISIR_SOURCE = "Choisissez : récupérer ces données, ou les donner vous-même."
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ACTIONS = frozenset(
    {"continuer", "enregistrer", "retour", "ajouter", "retirer", "retirer_piece", "appeler",
     "a_la_main", "chercher", "actualiser"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Le bouton pressé. `champ` est un identifiant ou un chemin, `cible` une ligne ou une pièce."""

    nom: str = "continuer"
    champ: str = ""
    cible: str = ""


@dataclass(slots=True, kw_only=True)
class Saisie:
    """Ce que donne la lecture d’une page.

    Attributes:
        valeurs: toutes les réponses, celles des autres pages comprises, prêtes à stocker.
        erreurs: chemin → phrase.
        avis: chemin → remarque qui ne bloque pas.
        fichiers: chemin → fichiers admis, que l’appelant doit déposer puis rattacher.
        apparus: champs devenus visibles depuis que la page a été servie ; à remplir.
        action: bouton pressé.
    """

    page: str
    valeurs: dict[str, Json]
    erreurs: dict[str, str] = field(default_factory=dict)
    avis: dict[str, str] = field(default_factory=dict)
    fichiers: dict[str, list[FichierPoste]] = field(default_factory=dict)
    apparus: tuple[str, ...] = ()
    action: Action = field(default_factory=Action)

    @property
    def is_complete(self) -> bool:
        """Dit si l’on peut passer à la page suivante."""
        return not self.erreurs and not self.apparus


def make_ulid() -> str:
    """Rend un ULID : 26 signes, triables par date de création."""
    nombre = uuid7().int
    return "".join(_CROCKFORD[nombre >> decalage & 31] for decalage in range(125, -1, -5))


def read_action(donnees: Donnees) -> Action:
    """Lit le bouton pressé ; « continuer » s’il est absent ou inconnu."""
    nom, _, reste = donnees.ligne(CLE_ACTION, 200).partition(":")
    champ, _, cible = reste.partition(":")
    return Action(nom=nom, champ=champ, cible=cible) if nom in _ACTIONS else Action()


class _Lecteur:
    """Lit une page champ par champ. Un objet par requête."""

    def __init__(
        self,
        structure: Structure,
        page: PageCompilee,
        donnees: Donnees,
        fichiers: Mapping[str, Any],
        reponses: Reponses,
        jour: date,
    ) -> None:
        self.structure, self.page, self.donnees, self.fichiers = structure, page, donnees, fichiers
        self.jour = jour
        self.valeurs: dict[str, Json] = dict(reponses)
        bruts = reponses.get(CLE_BRUTS)
        self.bruts: dict[str, Json] = dict(bruts) if isinstance(bruts, dict) else {}
        self.presents = self._read_presents()
        self.saisie = Saisie(page=page.id, valeurs=self.valeurs, action=read_action(donnees))
        self.erreurs: dict[str, str] = {}

    def _read_presents(self) -> frozenset[str] | None:
        if CLE_PRESENTS not in self.donnees:
            return None
        return frozenset(self.donnees.texte(CLE_PRESENTS).split())

    def is_present(self, chemin: str) -> bool:
        return self.presents is None or chemin in self.presents

    def read(self) -> None:
        """Lit tous les champs servis, y compris ceux qu’une réponse vient de masquer."""
        for compile_ in self.page.champs:
            if compile_.enfants:
                self.read_bloc(compile_)
            elif self.is_present(compile_.id) and not is_verrouille(compile_, self.valeurs):
                self.read_champ(compile_, compile_.id, self.valeurs)

    def read_champ(self, compile_: ChampCompile, chemin: str, reponses: dict[str, Json]) -> None:
        if not compile_.saisi:
            return
        if isinstance(compile_.champ, PieceJustificative):
            self.read_piece(compile_.champ, chemin, reponses)
            return
        lecture = compile_.type.parse(compile_.champ, self.donnees, chemin)
        self.store(compile_, chemin, reponses, lecture)

    def store(
        self, compile_: ChampCompile, chemin: str, reponses: dict[str, Json], lecture: Lecture
    ) -> None:
        ancienne = reponses.get(compile_.id)
        valeur = compile_.type.merge(compile_.champ, ancienne, lecture.valeur)
        if valeur is None:
            reponses.pop(compile_.id, None)
        else:
            reponses[compile_.id] = valeur
        self.bruts.pop(chemin, None)
        if lecture.brut is not None and lecture.brut != "":
            self.bruts[chemin] = lecture.brut
        erreur = lecture.erreur
        if not erreur and not compile_.type.is_vide(compile_.champ, valeur):
            erreur = compile_.type.check(compile_.champ, valeur, self.jour)
        if erreur:
            self.erreurs[chemin] = erreur
        if lecture.avis:
            self.saisie.avis[chemin] = lecture.avis

    def read_piece(self, champ: PieceJustificative, chemin: str, reponses: dict[str, Json]) -> None:
        getlist = getattr(self.fichiers, "getlist", None)
        postes = getlist(chemin) if getlist else self.fichiers.get(chemin, [])
        postes = postes if isinstance(postes, Sequence) else [postes]
        deja = list_pieces(reponses.get(champ.id))
        admis, refus = sort_fichiers(champ, postes[:100], deja)
        if admis:
            self.saisie.fichiers[chemin] = admis
        if refus:
            self.erreurs[chemin] = " ".join(refus[:5])

    def read_bloc(self, bloc: ChampCompile) -> None:
        if not isinstance(bloc.champ, BlocRepetable):
            return
        connues = {ligne["ligne"]: ligne for ligne in list_lignes(self.valeurs.get(bloc.id))}
        postees = [ulid for ulid in self.donnees.liste(f"{bloc.id}-lignes") if is_ulid(ulid)]
        lignes = []
        # Une version qui admet moins de lignes ne fait rien perdre : `check` le signalera.
        limite = max(bloc.champ.maximum, len(connues))
        for ulid in list(dict.fromkeys([*postees, *connues]))[:limite]:
            valeurs = dict(connues.get(ulid, {}).get("valeurs", {}))
            for enfant in bloc.enfants:
                chemin = make_chemin(bloc.id, ulid, enfant.id)
                if ulid in postees and self.is_present(chemin):
                    self.read_champ(enfant, chemin, valeurs)
            lignes.append({"ligne": ulid, "valeurs": valeurs})
        self.set_lignes(bloc.id, lignes)

    def set_lignes(self, bloc: str, lignes: list[dict[str, Any]]) -> None:
        if lignes:
            self.valeurs[bloc] = lignes
        else:
            self.valeurs.pop(bloc, None)

    def finish(self, *, exiger: bool) -> Saisie:
        """Garde les erreurs des champs visibles, puis ajoute les réponses obligatoires qui
        manquent."""
        if self.bruts:
            self.valeurs[CLE_BRUTS] = self.bruts
        else:
            self.valeurs.pop(CLE_BRUTS, None)
        etat = evaluate(self.structure, self.valeurs, self.jour)
        self.saisie.erreurs = {c: e for c, e in self.erreurs.items() if c in etat.visibles}
        if exiger:
            self.check_manquants(etat)
        return self.saisie

    def keep_cherche(self) -> None:
        """Un bouton « Chercher » ne juge que son champ ; vide, il n’a rien à chercher."""
        chemin = self.saisie.action.champ
        compile_ = self.structure.champs.get(chemin)
        erreur = self.saisie.erreurs.get(chemin, "")
        if compile_ is not None and compile_.page == self.page.id and not erreur:
            vide = compile_.type.is_vide(compile_.champ, self.valeurs.get(chemin))
            erreur = compile_.type.message_vide if vide else ""
        self.saisie.erreurs = {chemin: erreur} if erreur else {}

    def check_manquants(self, etat: Etat) -> None:
        apparus = []
        for chemin, compile_, valeur in etat.iter_reponses(self.page):
            if not compile_.saisi or chemin in self.saisie.erreurs:
                continue
            present = self.is_present(chemin) or bool(compile_.enfants)
            if self.is_en_attente(compile_, present=present):
                if compile_.obligatoire:
                    self.saisie.erreurs[compile_.source] = CHOISIR_SOURCE
            elif not present and not is_verrouille(compile_, self.valeurs):
                apparus.append(chemin)
            elif compile_.obligatoire and self.is_manquant(compile_, chemin, valeur):
                self.saisie.erreurs[chemin] = compile_.type.message_vide
        self.saisie.apparus = tuple(apparus)

    def is_en_attente(self, compile_: ChampCompile, *, present: bool) -> bool:
        """Dit si le champ n’a pas été servi parce que sa source attend un choix."""
        if present or not compile_.source or self.presents is None:
            return False
        return compile_.source in self.presents and not read_etat_source(
            self.valeurs, compile_.source
        )

    def is_manquant(self, compile_: ChampCompile, chemin: str, valeur: Json) -> bool:
        if chemin in self.saisie.fichiers:
            return False
        return compile_.type.is_vide(compile_.champ, valeur)


def read_page(
    structure: Structure,
    page: PageCompilee,
    donnees_post: Mapping[str, Any],
    fichiers: Mapping[str, Any],
    reponses: Reponses,
    jour: date,
    *,
    exiger: bool = True,
) -> Saisie:
    """Lit une page. Les gestes sur les lignes et les pièces sont déjà faits dans `valeurs`."""
    lecteur = _Lecteur(structure, page, Donnees(donnees_post), fichiers, reponses, jour)
    lecteur.read()
    action = lecteur.saisie.action
    _apply_action(structure, action, lecteur)
    saisie = lecteur.finish(exiger=exiger and action.nom == "continuer")
    if exiger and action.nom == "chercher":
        lecteur.keep_cherche()
    return saisie


def _apply_action(structure: Structure, action: Action, lecteur: _Lecteur) -> None:
    """Fait le geste demandé, s’il porte sur un champ de la page et du bon type."""
    cible = structure.champs.get(action.champ.rpartition("-")[2])
    if cible is None or cible.page != lecteur.page.id:
        return
    lignes = list_lignes(lecteur.valeurs.get(action.champ))
    if isinstance(cible.champ, PieceJustificative) and action.nom == "retirer_piece":
        update_pieces(lecteur.valeurs, action.champ, retirer=action.cible)
    elif not isinstance(cible.champ, BlocRepetable):
        return
    elif action.nom == "ajouter" and len(lignes) < cible.champ.maximum:
        lecteur.set_lignes(action.champ, [*lignes, {"ligne": make_ulid(), "valeurs": {}}])
    elif action.nom == "retirer":
        restantes = [ligne for ligne in lignes if ligne["ligne"] != action.cible]
        lecteur.set_lignes(action.champ, restantes)


def update_pieces(
    reponses: dict[str, Json],
    chemin: str,
    *,
    ajouter: Sequence[Mapping[str, Any]] = (),
    retirer: str = "",
) -> None:
    """Ajoute ou retire des pièces d’un champ, hors bloc ou dans une ligne, sur place."""
    bloc, _, reste = chemin.partition("-")
    ligne, _, champ = reste.partition("-")
    if not ligne:
        porteur, cle = reponses, chemin
    else:
        lignes = [
            {"ligne": e["ligne"], "valeurs": dict(e["valeurs"])}
            for e in list_lignes(reponses.get(bloc))
        ]
        trouvee = next((e for e in lignes if e["ligne"] == ligne), None)
        if trouvee is None:
            return
        reponses[bloc] = lignes
        porteur, cle = trouvee["valeurs"], champ
    pieces = porteur.get(cle)
    pieces = pieces if isinstance(pieces, list) else []
    restantes = [p for p in pieces if isinstance(p, dict) and p.get("document") != retirer]
    nouvelles = [*restantes, *(dict(p) for p in ajouter)]
    if nouvelles:
        porteur[cle] = nouvelles
    else:
        porteur.pop(cle, None)
