"""Vérifier un fichier : du premier octet au rapport, sans jamais lever pour un fichier hostile."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from socle.normes.bal.bloc import Bloc, iter_blocs
from socle.normes.bal.champs import Contexte
from socle.normes.bal.colonnes import Colonne, Notables, find_colonnes
from socle.normes.bal.communes import Communes
from socle.normes.bal.ensemble import Ensemble
from socle.normes.bal.errors import BalIllisible
from socle.normes.bal.lecture import COUPE, Paquet, Table, keep, open_table
from socle.normes.bal.messages import explain
from socle.normes.bal.profils import PROFILS, Niveau, choose_profil, find_niveau, is_du_profil
from socle.normes.bal.regles import check_lignes
from socle.normes.bal.vocabulaire import FORMATS

DETAILS_MAX = 200_000  # anomalies décrites une à une ; au-delà, seulement comptées
ETRANGERES_MAX = 1_000  # erreurs de colonnes étrangères au profil décrites
STRUCTURE_MAX = 1_000  # lignes mal découpées décrites
_CELLULE_MAX = 200


class Anomalie(NamedTuple):
    """Ce qui ne va pas, et où.

    Attributes:
        ligne: ligne du fichier (1 = en-tête) ; 0 pour tout le fichier.
        champ: colonne ; vide pour une règle de ligne ou de fichier.
        code: code officiel, « numero.type_invalide ».
        cellule: la cellule telle que lue, coupée à 200 signes.
    """

    ligne: int
    champ: str
    code: str
    niveau: Niveau
    cellule: str = ""

    @property
    def nom(self) -> str:
        return explain(self.code)[0]

    @property
    def message(self) -> str:
        """Phrase qui dit comment corriger."""
        return explain(self.code, self.cellule)[1]

    def __str__(self) -> str:
        lieu = f"Ligne {self.ligne}" if self.ligne else "Fichier"
        champ = f", {self.champ}" if self.champ else ""
        return f"{lieu}{champ} : {self.message} ({self.code})"

    def to_dict(self) -> dict[str, Any]:
        """Rend les clés communes aux rapports des normes."""
        return {
            "ligne": self.ligne or None, "champ": self.champ or None, "code": self.code,
            "nom": self.nom, "message": self.message, "cellule": self.cellule or None,
        }  # fmt: skip


@dataclass
class Rapport:
    """Verdict sur un fichier.

    Attributes:
        lisible: faux si le fichier n’a pas pu être découpé ; `anomalies` dit alors pourquoi.
        profil: « 1.3 », « 1.4 » ou « 1.5 », choisi d’après les colonnes ou demandé.
        valides: profil → vrai si le fichier y est accepté par le validateur officiel.
        nombre: lignes d’adresse lues.
        anomalies: dans l’ordre du fichier, 200 000 au plus ; `comptes` les compte toutes.
        etrangeres: erreurs de colonnes que ce profil ignore, mais qui font refuser le fichier.
    """

    lisible: bool = True
    profil: str = "1.5"
    encodage: str = ""
    separateur: str = ""
    fin: str = ""
    colonnes: list[str] = field(default_factory=list)
    absentes: list[str] = field(default_factory=list)
    nombre: int = 0
    anomalies: list[Anomalie] = field(default_factory=list)
    etrangeres: list[Anomalie] = field(default_factory=list)
    comptes: Counter[str] = field(default_factory=Counter)
    valides: dict[str, bool] = field(default_factory=dict)

    @property
    def valide(self) -> bool:
        """Vrai si le fichier peut être publié dans son profil."""
        return self.lisible and self.valides.get(self.profil, False)

    @property
    def erreurs(self) -> list[Anomalie]:
        return [*self.list_niveau(Niveau.ERREUR), *self.etrangeres]

    def list_niveau(self, niveau: Niveau) -> list[Anomalie]:
        return [anomalie for anomalie in self.anomalies if anomalie.niveau == niveau]

    def to_dict(self) -> dict[str, Any]:
        """Rend le rapport en types simples, pour `--json` et la page de vérification."""
        return {
            "norme": f"bal/{self.profil}", "valide": self.valide, "lisible": self.lisible,
            "profils": self.valides, "lignes": self.nombre, "encodage": self.encodage,
            "separateur": self.separateur, "colonnes_absentes": self.absentes,
            "erreurs": [anomalie.to_dict() for anomalie in self.erreurs],
            "avertissements": [a.to_dict() for a in self.list_niveau(Niveau.AVERTISSEMENT)],
            "informations": [a.to_dict() for a in self.list_niveau(Niveau.INFORMATION)],
            "comptes": dict(sorted(self.comptes.items())),
        }  # fmt: skip


def validate_bal(
    octets: bytes,
    *,
    communes: Communes,
    aujourd_hui: date,
    ids_communes: Mapping[str, str] | None = None,
    profil: str = "",
) -> Rapport:
    """Vérifie un fichier BAL ; ne lève jamais pour son contenu.

    Args:
        octets: le fichier, 100 Mio au plus.
        communes: voir `communes.build_communes`.
        aujourd_hui: jour de Paris.
        ids_communes: code Insee → identifiant donné par la BAN ; sans lui,
            `row.cog_no_match_id_ban_commune` n’est pas cherché.
        profil: « 1.3 », « 1.4 » ou « 1.5 » ; vide : choisi d’après les colonnes.

    Raises:
        ValueError: profil inconnu.
    """
    if profil and profil not in PROFILS:
        raise ValueError(f"Profil inconnu : {profil}. Choisissez {', '.join(PROFILS)}.")
    contexte = Contexte(communes, aujourd_hui, dict(ids_communes or {}))
    rapport = Rapport(profil=profil or "1.5")
    try:
        table = open_table(octets)
        colonnes = find_colonnes(table.entetes, contexte)
        champs = {colonne.champ for colonne in colonnes}
        rapport.profil = profil or choose_profil(champs)
        return _Verification(rapport, table, colonnes, contexte).run()
    except BalIllisible as refus:
        return _refuse(rapport, [Anomalie(refus.ligne, "", "illisible", Niveau.ERREUR,
                                          refus.message)])  # fmt: skip


def _refuse(rapport: Rapport, anomalies: list[Anomalie]) -> Rapport:
    rapport.lisible, rapport.anomalies, rapport.etrangeres = False, anomalies, []
    rapport.comptes = Counter(anomalie.code for anomalie in anomalies)
    rapport.valides = dict.fromkeys(PROFILS, False)
    return rapport


class _Verification:
    """Une vérification en cours."""

    def __init__(
        self, rapport: Rapport, table: Table, colonnes: list[Colonne], contexte: Contexte
    ) -> None:
        self.rapport, self.table, self.colonnes = rapport, table, colonnes
        self.contexte, self.ensemble = contexte, Ensemble()
        self.niveaux = {profil: _Niveaux(profil) for profil in PROFILS}
        self.details: list[Anomalie] = []

    def run(self) -> Rapport:
        self._describe()
        self._check_fichier()
        for bloc in iter_blocs(iter_regulieres(self.table), self.colonnes):
            self._check_bloc(bloc)
            self.ensemble.add(bloc)
        if self.table.fautes or not self.table.separateur:
            return _refuse(self.rapport, self._list_fautes_de_structure())
        for code in self.ensemble.check_fichier():
            self._note(0, "", code)
        for ligne, code in self.ensemble.check_lignes():
            self._note(ligne, "", code)
        rapport = self.rapport
        rapport.nombre = len(self.ensemble.lignes)
        for liste in (self.details, rapport.etrangeres):
            liste.sort(key=lambda anomalie: anomalie.ligne)
        rapport.anomalies = self.details
        rapport.valides = {
            profil: not any(niveaux[code] == Niveau.ERREUR for code in rapport.comptes)
            for profil, niveaux in self.niveaux.items()
        }
        return rapport

    def _describe(self) -> None:
        rapport, table = self.rapport, self.table
        rapport.encodage, rapport.separateur, rapport.fin = (
            table.encodage, table.separateur, table.fin,
        )  # fmt: skip
        rapport.colonnes = table.entetes
        trouves = {colonne.champ for colonne in self.colonnes}
        rapport.absentes = [
            champ for champ in FORMATS
            if champ not in trouves and is_du_profil(rapport.profil, champ)
        ]  # fmt: skip

    def _check_fichier(self) -> None:
        table = self.table
        trouves = {colonne.champ for colonne in self.colonnes}
        for champ in FORMATS:
            code = f"field.{champ}.missing"
            if champ not in trouves and is_du_profil(self.rapport.profil, champ):
                self._note(0, champ, code)
            elif champ not in trouves:
                self.rapport.comptes[code] += 1
        for objet, conforme in (
            ("encoding", table.encodage == "utf-8"), ("delimiter", table.separateur == ";"),
            ("linebreak", table.fin != "\r"),
        ):  # fmt: skip
            if not conforme:
                self._note(0, "", f"file.{objet}.non_standard")

    def _check_bloc(self, bloc: Bloc) -> None:
        notes = []
        for colonne, notables in bloc.notables.items():
            if is_du_profil(self.rapport.profil, colonne):
                notes += [
                    (i, colonne, f"{colonne}.{code}")
                    for i, lecture in notables
                    for code in lecture.codes
                ]
            else:
                self._note_etrangeres(bloc, colonne, notables)
        notes += [(i, "", code) for i, code in check_lignes(bloc, self.contexte)]
        for i, colonne, code in sorted(notes, key=itemgetter(0)):
            self._note(bloc.lignes[i], colonne, code, bloc.bruts[colonne][i] if colonne else "")

    def _note(self, ligne: int, champ: str, code: str, cellule: str = "") -> None:
        self.rapport.comptes[code] += 1
        if len(self.details) < DETAILS_MAX:
            niveau = self.niveaux[self.rapport.profil][code]
            self.details.append(Anomalie(ligne, champ, code, niveau, cellule[:_CELLULE_MAX]))

    def _note_etrangeres(self, bloc: Bloc, colonne: str, notables: Notables) -> None:
        """Compte les fautes d’une colonne que le profil ignore ; décrit les premières erreurs."""
        rapport, niveaux = self.rapport, self.niveaux[self.rapport.profil]
        for codes, nombre in Counter(lecture.codes for _, lecture in notables).items():
            for code in codes:
                rapport.comptes[f"{colonne}.{code}"] += nombre
        for i, lecture in notables[: max(0, ETRANGERES_MAX - len(rapport.etrangeres))]:
            for code in (f"{colonne}.{faute}" for faute in lecture.codes):
                if niveaux[code] == Niveau.ERREUR:
                    cellule = bloc.bruts[colonne][i][:_CELLULE_MAX]
                    anomalie = Anomalie(bloc.lignes[i], colonne, code, niveaux[code], cellule)
                    rapport.etrangeres.append(anomalie)

    def _list_fautes_de_structure(self) -> list[Anomalie]:
        if not self.table.separateur:
            return [Anomalie(0, "", "UndetectableDelimiter", Niveau.ERREUR)]
        fautes = self.table.fautes[:STRUCTURE_MAX]
        return [Anomalie(ligne, "", code, Niveau.ERREUR) for code, ligne in fautes]


class _Niveaux(dict[str, Niveau]):
    """Niveaux déjà cherchés d’un profil."""

    def __init__(self, profil: str) -> None:
        self.profil = profil

    def __missing__(self, code: str) -> Niveau:
        niveau = self[code] = find_niveau(self.profil, code)
        return niveau


def iter_regulieres(table: Table) -> Iterator[Paquet]:
    """Rend les lignes qui ont autant de cellules que l’en-tête ; note les autres et les saute."""
    coupes = len(table.entetes) - 1
    for paquet in table.iter_paquets():
        comptes = [ligne.count(COUPE) for ligne in paquet[1]]
        if comptes.count(coupes) == len(comptes):
            yield paquet
            continue
        for ligne, compte in zip(paquet[0], comptes, strict=True):
            if compte != coupes and len(table.fautes) < STRUCTURE_MAX:
                code = "TooManyFields" if compte > coupes else "TooFewFields"
                table.fautes.append((code, ligne))
        if coupes in comptes:
            yield keep(paquet, (compte == coupes for compte in comptes))
