"""Les règles de tout le fichier : identifiants BAN d’accord, lieux-dits déclarés."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from socle.normes.bal.bloc import Bloc
from socle.normes.bal.vocabulaire import TOPONYME_SEUL

_REGLES = (
    ("row.different_voie_nom_with_same_id_ban_toponyme", "toponymes", "voies"),
    ("row.different_id_ban_toponyme_with_same_voie_nom", "voies_et_sortes", "toponymes"),
    ("row.different_adresse_with_same_id_ban_adresse", "adresses", "numeros"),
    ("row.different_id_ban_adresses_with_same_adresse", "numeros", "adresses_ou_rien"),
)


class Ensemble:
    """Retient, ligne après ligne, ce qu’il faut pour comparer les lignes entre elles.

    Les textes sont partagés : une ligne coûte quelques références, pas une copie de ses cellules.
    """

    def __init__(self) -> None:
        self.lignes: list[int] = []
        self.colonnes: dict[str, list[Any]] = {
            nom: []
            for nom in ("toponymes", "voies", "voies_et_sortes", "adresses", "numeros",
                        "adresses_ou_rien", "lieudits")
        }  # fmt: skip
        self.declares: set[str | None] = set()
        self.communes: set[str] = set()
        self.completes = 0
        self._partages: dict[Hashable, Hashable] = {}

    def add(self, bloc: Bloc) -> None:
        """Retient les lignes d’un bloc."""
        self.lignes += bloc.lignes
        partage = self._partages.setdefault
        numeros = bloc.list_valeurs("numero")
        toponymes, adresses = bloc.list_ids("toponyme"), bloc.list_ids("adresse")
        voies = [
            partage(cle, cle)
            for cle in zip(bloc.noms, (c and c.voie for c in bloc.cles), strict=True)
        ]
        seuls = [numero == TOPONYME_SEUL for numero in numeros]
        ajouts: dict[str, list[Any]] = {
            "toponymes": [partage(t, t) if t else None for t in toponymes],
            "voies": voies,
            "voies_et_sortes": [
                partage(cle, cle) if toponyme else None
                for toponyme, cle in zip(toponymes, zip(voies, seuls, strict=True), strict=True)
            ],
            "lieudits": bloc.list_valeurs("lieudit_complement_nom"),
        }
        cles = zip(numeros, bloc.list_valeurs("suffixe"), bloc.noms,
                   bloc.list_valeurs("commune_deleguee_insee"), strict=True)  # fmt: skip
        ajouts["numeros"] = [
            None if seul else cle for seul, cle in zip(seuls, cles, strict=True)
        ]  # fmt: skip
        ajouts["adresses_ou_rien"] = [
            None if seul else adresse for seul, adresse in zip(seuls, adresses, strict=True)
        ]
        ajouts["adresses"] = [adresse or None for adresse in ajouts["adresses_ou_rien"]]
        for nom, valeurs in ajouts.items():
            self.colonnes[nom] += valeurs
        self.declares.update(v for v, seul in zip(bloc.voies, seuls, strict=True) if seul)
        self._count_completes(bloc, toponymes, adresses, seuls)

    def _count_completes(
        self,
        bloc: Bloc,
        toponymes: Sequence[str | None],
        adresses: Sequence[str | None],
        seuls: Sequence[bool],
    ) -> None:
        completes = [
            commune
            for commune, toponyme, adresse, seul in zip(
                bloc.list_ids("commune"), toponymes, adresses, seuls, strict=True
            )
            if commune and toponyme and (adresse or seul)
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
        for code, groupe, valeur in _REGLES:
            cles = self.colonnes[groupe]
            contredits = find_contredits(cles, self.colonnes[valeur])
            if contredits:
                for ligne, cle in zip(self.lignes, cles, strict=True):
                    if cle in contredits:
                        yield ligne, code
        for ligne, lieudit in zip(self.lignes, self.colonnes["lieudits"], strict=True):
            if lieudit is not None and lieudit not in self.declares:
                yield ligne, "row.lieudit_complement_nom_not_declared"


def find_contredits(cles: Sequence[Any], valeurs: Sequence[Any]) -> set[Any]:
    """Rend les clés qui vont avec plus d’une valeur ; None n’est pas une clé."""
    dernieres = dict(zip(cles, valeurs, strict=True))
    return {
        cle
        for cle, valeur in zip(cles, valeurs, strict=True)
        if cle is not None and dernieres[cle] != valeur
    }
