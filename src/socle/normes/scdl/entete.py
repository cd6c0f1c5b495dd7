"""L’en-tête : quelles colonnes du schéma sont là, et ce qui ne va pas dans leurs noms."""

from collections.abc import Iterator, Sequence

from socle.normes.scdl.messages import NOMS
from socle.normes.scdl.rapport import Avertissement, Erreur, Rapport
from socle.normes.scdl.regles import Colonne
from socle.normes.scdl.schema import Schema


def match_entete(
    entete: Sequence[str], schema: Schema, rapport: Rapport, *, ignore_casse: bool = False
) -> dict[str, Colonne]:
    """Rend les colonnes reconnues par leur nom ; note au rapport ce qui manque ou dépasse."""
    places: dict[str, int] = {}
    for rang, titre in enumerate(entete):
        nom = _clean(titre, ignore_casse=ignore_casse)
        if nom and nom in places:
            message = f"La colonne « {titre[:200]} » est en double : gardez-en une."
            rapport.add(_fault("duplicate-label", titre[:200], message))
        places.setdefault(nom, rang)
    if "" in places:
        message = f"La colonne {places.pop('') + 1} n’a pas de nom : nommez-la ou ôtez-la."
        rapport.add(_fault("blank-label", None, message))
    attendus = {_clean(c.nom, ignore_casse=ignore_casse): c for c in schema.champs}
    for nom, champ in attendus.items():
        if nom not in places and champ.obligatoire:
            message = f"Ajoutez la colonne obligatoire `{champ.nom}`."
            code = "missing-required-header"
            rapport.add(Erreur(None, None, code, NOMS[code], message))
    rapport.avertissements += _list_avertissements(list(places), list(attendus), schema)
    return {
        champ.nom: Colonne(champ, str(places[nom]))
        for nom, champ in attendus.items()
        if nom in places
    }


def _clean(nom: str, *, ignore_casse: bool) -> str:
    return nom.casefold() if ignore_casse else nom


def _fault(code: str, champ: str | None, message: str) -> Erreur:
    return Erreur(1, champ, code, NOMS[code], message, champ or "")


def _list_avertissements(
    presents: list[str], attendus: list[str], schema: Schema
) -> Iterator[Avertissement]:
    obligatoires = {champ.nom for champ in schema.champs if champ.obligatoire}
    for champ, nom in zip(schema.champs, attendus, strict=True):
        if nom not in presents and champ.nom not in obligatoires:
            yield Avertissement(
                "missing-header-warn", "Colonne manquante",
                f"Ajoutez la colonne `{champ.nom}`, même vide.", champ.nom,
            )  # fmt: skip
    for nom in presents:
        if nom not in attendus:
            yield Avertissement(
                "extra-header-warn", "Colonne en trop",
                f"Retirez la colonne `{nom[:200]}`, qui n’est pas dans le schéma.", nom[:200],
            )  # fmt: skip
    # Validata ne parle de l’ordre que si toutes les colonnes sont là, et elles seules.
    if sorted(presents) == sorted(attendus) and presents != attendus:
        yield Avertissement(
            "disordered-header-warn", "Colonnes dans un autre ordre",
            "Remettez les colonnes dans l’ordre du schéma.",
        )  # fmt: skip
