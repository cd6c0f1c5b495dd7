"""Corriger ce qui n’a qu’une bonne réponse, et mettre le fichier au format 1.5.

Deux lectures : la première retient les identifiants BAN déjà donnés à chaque voie et à chaque
adresse, la seconde écrit. Une cellule que l’on ne sait pas corriger est gardée telle quelle : rien
de ce que la commune a saisi ne se perd, et le rapport d’après la signale.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from socle.normes.bal.bloc import Bloc, iter_blocs
from socle.normes.bal.champs import Contexte
from socle.normes.bal.colonnes import Colonne, find_colonnes
from socle.normes.bal.communes import Communes
from socle.normes.bal.ecriture import insert_langues, write_lignes
from socle.normes.bal.errors import BalIllisible
from socle.normes.bal.lecture import open_table
from socle.normes.bal.messages import explain
from socle.normes.bal.profils import split_champ
from socle.normes.bal.validation import Rapport, iter_regulieres, validate_bal
from socle.normes.bal.vocabulaire import BLANCS, COLONNES_1_5, TOPONYME_SEUL

MODIFICATIONS_MAX = 200_000


class Modification(NamedTuple):
    """Une cellule changée ; `avant` vide si la cellule ou la colonne manquait."""

    ligne: int
    champ: str
    avant: str
    apres: str


@dataclass
class Correction:
    """Fichier corrigé.

    Attributes:
        contenu: le fichier 1.5. modifications: cellules changées, 200 000 au plus.
        otees: colonnes qui ne sont pas du format 1.5. rapport: ce qui reste à faire.
    """

    contenu: bytes
    modifications: list[Modification]
    otees: list[str]
    rapport: Rapport


def correct_bal(
    octets: bytes,
    *,
    communes: Communes,
    aujourd_hui: date,
    new_id: Callable[[], str],
    ids_communes: Mapping[str, str] | None = None,
) -> Correction:
    """Met un fichier au format 1.5 et corrige ce qui n’a qu’une bonne réponse.

    Args:
        octets: fichier 1.3, 1.4 ou 1.5.
        new_id: rend un UUID 4 neuf, en texte, pour une voie ou une adresse qui n’en a pas.
        ids_communes: code Insee → identifiant donné par la BAN, jamais inventé.

    Raises:
        BalIllisible: le fichier n’est pas un CSV, ou une ligne n’a pas le bon nombre de cellules.
    """
    contexte = Contexte(communes, aujourd_hui, dict(ids_communes or {}))
    table = open_table(octets)
    colonnes = find_colonnes(table.entetes, contexte)
    atelier = _Atelier(contexte, new_id)
    for bloc in iter_blocs(iter_regulieres(table), colonnes):
        atelier.learn(bloc)
    _refuse_structure(table.fautes, table.separateur)
    regionales = [
        _rename(colonne.nom) for colonne in colonnes
        if colonne.nom != colonne.champ and _rename(colonne.nom)
    ]  # fmt: skip
    sortie = insert_langues(COLONNES_1_5, dict.fromkeys(regionales))
    contenu = write_lignes(sortie, atelier.iter_lignes(octets, colonnes))
    rapport = validate_bal(
        contenu, communes=communes, aujourd_hui=aujourd_hui, ids_communes=ids_communes, profil="1.5"
    )
    connues = {colonne.nom for colonne in colonnes if _rename(colonne.nom) in sortie}
    otees = [nom for nom in table.entetes if nom not in connues]
    return Correction(contenu, atelier.modifications, otees, rapport)


def _refuse_structure(fautes: list[tuple[str, int]], separateur: str) -> None:
    if not separateur:
        raise BalIllisible("separateur", explain("UndetectableDelimiter")[1])
    if fautes:
        raise BalIllisible("structure", explain(fautes[0][0])[1], ligne=fautes[0][1])


def _rename(nom: str) -> str:
    """Le nom d’une colonne en 1.5 : « voie_nom_bre » devient « toponyme_bre »."""
    champ, langue = split_champ(nom)
    champ = "toponyme" if champ == "voie_nom" else champ
    return f"{champ}_{langue}" if langue else champ


def write_cellule(champ: str, valeur: Any, brut: str) -> str:
    """Rend une cellule lue dans l’écriture du format ; telle quelle si elle n’a pas de valeur."""
    if valeur is None:
        return brut.strip(BLANCS)
    if champ in {"x", "y", "long", "lat"}:
        return brut.strip(BLANCS).replace(",", ".")
    if champ == "cad_parcelles":
        return "|".join(valeur)
    if champ == "certification_commune":
        return "1" if valeur else "0"
    return str(valeur)


@dataclass
class _Atelier:
    """Ce que la première lecture apprend, et l’écriture des lignes."""

    contexte: Contexte
    new_id: Callable[[], str]
    communes: dict[str, str] = field(default_factory=dict)
    toponymes: dict[Any, str] = field(default_factory=dict)
    adresses: dict[Any, str] = field(default_factory=dict)
    modifications: list[Modification] = field(default_factory=list)

    def learn(self, bloc: Bloc) -> None:
        """Retient le premier identifiant de chaque commune, voie et adresse."""
        for ids, cles, connus in (
            (bloc.list_ids("commune"), bloc.communes, self.communes),
            (bloc.list_ids("toponyme"), _list_voies(bloc), self.toponymes),
            (bloc.list_ids("adresse"), _list_adresses(bloc), self.adresses),
        ):
            for identifiant, cle in zip(ids, cles, strict=True):
                if identifiant and cle is not None:
                    connus.setdefault(cle, identifiant)

    def iter_lignes(self, octets: bytes, colonnes: list[Colonne]) -> Iterator[dict[str, str]]:
        for bloc in iter_blocs(iter_regulieres(open_table(octets)), colonnes):
            dates = bloc.notables.get("date_der_maj", ())
            remedes = {i: lecture.remede for i, lecture in dates if lecture.remede}
            ids = self._list_ids(bloc)
            for i, numero in enumerate(bloc.lignes):
                ligne = self._build_ligne(bloc, i, remedes) | ids[i]
                self._note(bloc, i, numero, ligne)
                yield ligne

    def _list_ids(self, bloc: Bloc) -> list[dict[str, str]]:
        colonnes = zip(
            bloc.list_ids("commune"), bloc.list_ids("toponyme"), bloc.list_ids("adresse"),
            bloc.communes, _list_voies(bloc), _list_adresses(bloc), strict=True,
        )  # fmt: skip
        return [
            {
                "id_ban_commune": self._find_commune(code, commune),
                "id_ban_toponyme": toponyme or self._find_id(self.toponymes, voie),
                "id_ban_adresse": adresse or self._find_id(self.adresses, cle),
            }
            for commune, toponyme, adresse, code, voie, cle in colonnes
        ]

    def _find_commune(self, code: str | None, lu: str | None) -> str:
        """Celui que donne la BAN ; sinon celui de la ligne, puis d’une autre ligne."""
        donne = self.contexte.ids_communes.get(code or "")
        return donne or lu or self.communes.get(code or "", "")

    def _find_id(self, connus: dict[Any, str], cle: Any) -> str:
        if cle is None:
            return ""
        if cle not in connus:
            connus[cle] = self.new_id()
        return connus[cle]

    def _build_ligne(self, bloc: Bloc, i: int, remedes: Mapping[int, str]) -> dict[str, str]:
        ligne: dict[str, str] = {}
        for nom, bruts in bloc.bruts.items():
            ligne[_rename(nom)] = (
                write_cellule(split_champ(nom)[0], bloc.valeurs[nom][i], bruts[i])
                or ligne.get(_rename(nom), "")
            )  # fmt: skip
        code = bloc.communes[i]
        officiel = self.contexte.communes.noms.get(code or "")
        ligne["commune_insee"] = code if code and officiel else ligne.get("commune_insee", "")
        ligne["commune_nom"] = officiel or ligne.get("commune_nom", "")
        ligne["toponyme"] = bloc.voies[i] or ligne.get("toponyme", "")
        ligne["certification_commune"] = ligne.get("certification_commune") or "0"
        jour = remedes.get(i) or ligne.get("date_der_maj")
        ligne["date_der_maj"] = jour or self.contexte.aujourd_hui.isoformat()
        return ligne

    def _note(self, bloc: Bloc, i: int, numero: int, ligne: Mapping[str, str]) -> None:
        if len(self.modifications) >= MODIFICATIONS_MAX:
            return
        avants = {_rename(nom): bruts[i] for nom, bruts in bloc.bruts.items() if bruts[i]}
        for champ, apres in ligne.items():
            avant = avants.get(champ, "")
            if avant != apres and champ not in {"cle_interop", "uid_adresse"}:
                self.modifications.append(Modification(numero, champ, avant, apres))


def _list_voies(bloc: Bloc) -> list[Any]:
    """Ce qui désigne une voie : son nom rapproché et son code ; None si elle n’a pas de nom."""
    return [
        (nom, cle and cle.voie) if nom else None
        for nom, cle in zip(bloc.noms, bloc.cles, strict=True)
    ]


def _list_adresses(bloc: Bloc) -> list[Any]:
    """Ce qui désigne une adresse ; None pour un toponyme ou une adresse incomplète."""
    colonnes = zip(
        bloc.list_valeurs("numero"), bloc.list_valeurs("suffixe"), bloc.noms,
        bloc.list_valeurs("commune_deleguee_insee"), strict=True,
    )  # fmt: skip
    return [
        cle if cle[0] is not None and cle[0] != TOPONYME_SEUL and cle[2] else None
        for cle in colonnes
    ]
