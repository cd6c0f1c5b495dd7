"""Les règles de tout le fichier : identifiants BAN d’accord, lieux-dits déclarés."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from socle.normes.bal.bloc import Bloc
from socle.normes.bal.vocabulaire import TOPONYME_SEUL

_RETENUES = (
    "toponymes", "adresses", "noms", "cles", "numeros", "suffixes", "deleguees", "lieudits",
)  # fmt: skip


class Ensemble:
    """Retient, ligne après ligne, ce qu’il faut pour comparer les lignes entre elles.

    Les valeurs sont partagées : une ligne coûte quelques références, pas une copie de ses cellules.
    """

    def __init__(self) -> None:
        self.lignes: list[int] = []
        self.colonnes: dict[str, list[Any]] = {nom: [] for nom in _RETENUES}
        self.declares: set[str | None] = set()
        self.communes: set[str] = set()
        self.completes = 0
        self._partages: dict[Any, Any] = {}

    def add(self, bloc: Bloc) -> None:
        """Retient les lignes d’un bloc."""
        self.lignes += bloc.lignes
        toponymes, adresses = bloc.list_ids("toponyme"), bloc.list_ids("adresse")
        numeros = bloc.list_valeurs("numero")
        ajouts: tuple[Iterable[Any], ...] = (
            self._share(toponymes), adresses, self._share(bloc.noms), bloc.cles, numeros,
            bloc.list_valeurs("suffixe"), bloc.list_valeurs("commune_deleguee_insee"),
            bloc.list_valeurs("lieudit_complement_nom"),
        )  # fmt: skip
        for nom, valeurs in zip(_RETENUES, ajouts, strict=True):
            self.colonnes[nom] += valeurs
        if TOPONYME_SEUL in numeros:
            couples = zip(bloc.voies, numeros, strict=True)
            self.declares.update(voie for voie, numero in couples if numero == TOPONYME_SEUL)
        communes = bloc.list_ids("commune")
        if any(communes):
            self._count_completes(communes, toponymes, adresses, numeros)

    def _share(self, valeurs: Sequence[Any]) -> list[Any]:
        return list(map(self._partages.setdefault, valeurs, valeurs))

    def _count_completes(self, *colonnes: Sequence[Any]) -> None:
        completes = [
            commune
            for commune, toponyme, adresse, numero in zip(*colonnes, strict=True)
            if commune and toponyme and (adresse or numero == TOPONYME_SEUL)
        ]
        self.completes += len(completes)
        self.communes.update(completes)

    def check_fichier(self) -> Iterator[str]:
        """Rend les codes qui valent pour tout le fichier."""
        if not self.lignes:
            yield "rows.empty"
        elif self.completes == len(self.lignes):
            if len(self.communes) > 1:
                yield "rows.multi_id_ban_commune"
        elif self.completes:
            yield "rows.every_line_required_id_ban"

    def check_lignes(self) -> Iterator[tuple[int, str]]:
        """Rend (numéro de ligne, code) des lignes qui en contredisent d’autres."""
        ids = (self.colonnes["toponymes"], self.colonnes["adresses"])
        if any(lus.count(None) < len(lus) for lus in ids):
            yield from self._check_ids()
        lieudits = self.colonnes["lieudits"]
        inconnus = set(lieudits) - self.declares - {None}
        if inconnus:
            for ligne, lieudit in zip(self.lignes, lieudits, strict=True):
                if lieudit in inconnus:
                    yield ligne, "row.lieudit_complement_nom_not_declared"

    def _check_ids(self) -> Iterator[tuple[int, str]]:
        for code, cles, valeurs in self._list_regles():
            contredits = find_contredits(cles, valeurs)
            if contredits:
                for ligne, cle in zip(self.lignes, cles, strict=True):
                    if cle in contredits:
                        yield ligne, code

    def _list_regles(self) -> Iterator[tuple[str, list[Any], list[Any]]]:
        """Rend (code, clés, valeurs) : une clé ne doit aller qu’avec une valeur, None à part."""
        lus = self.colonnes
        toponymes = [toponyme or None for toponyme in lus["toponymes"]]
        seuls = [numero == TOPONYME_SEUL for numero in lus["numeros"]]
        codes = [cle and cle.voie for cle in lus["cles"]]
        voies = self._share(list(zip(lus["noms"], codes, strict=True)))
        yield "row.different_voie_nom_with_same_id_ban_toponyme", toponymes, voies
        voies_et_sortes = [
            cle if toponyme else None
            for toponyme, cle in zip(
                toponymes, self._share(list(zip(voies, seuls, strict=True))), strict=True
            )
        ]
        yield "row.different_id_ban_toponyme_with_same_voie_nom", voies_et_sortes, toponymes
        quatre = zip(
            lus["numeros"], lus["suffixes"], lus["noms"], lus["deleguees"], strict=True
        )  # fmt: skip
        numeros = [None if seul else cle for seul, cle in zip(seuls, quatre, strict=True)]
        adresses = [
            None if seul else adresse for seul, adresse in zip(seuls, lus["adresses"], strict=True)
        ]
        ids = [adresse or None for adresse in adresses]
        yield "row.different_adresse_with_same_id_ban_adresse", ids, numeros
        yield "row.different_id_ban_adresses_with_same_adresse", numeros, adresses


def find_contredits(cles: Sequence[Any], valeurs: Sequence[Any]) -> set[Any]:
    """Rend les clés qui vont avec plus d’une valeur ; None n’est pas une clé."""
    dernieres = dict(zip(cles, valeurs, strict=True))
    return {
        cle
        for cle, valeur in zip(cles, valeurs, strict=True)
        if cle is not None and dernieres[cle] != valeur
    }
