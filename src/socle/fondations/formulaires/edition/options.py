"""Réponses proposées : une par ligne, chacune garde son identifiant quand on la corrige."""

from difflib import SequenceMatcher
from typing import Any

from socle.fondations.formulaires.textes import clean_ligne, fold, slugify

RESSEMBLANCE = 0.6


def write_options(options: Any) -> str:
    """Rend une réponse par ligne."""
    return "\n".join(o if isinstance(o, str) else o["libelle"] for o in options)


def parse_options(texte: str, avant: list[Any]) -> list[dict[str, str]]:
    """Lit une réponse par ligne.

    Une réponse connue garde son identifiant, même déplacée ; une ligne corrigée (faute, précision)
    garde celui de la ligne qu’elle remplace ; une réponse neuve n’en reprend jamais un ancien.
    Deux lignes identiques n’en font qu’une.
    """
    anciennes = {o["libelle"]: o["id"] for o in avant if isinstance(o, dict)}
    anciennes |= {o: slugify(o) for o in avant if isinstance(o, str)}
    libelles = list(dict.fromkeys(filter(None, (clean_ligne(x) for x in texte.splitlines()))))
    gardes = {libelle: anciennes[libelle] for libelle in libelles if libelle in anciennes}
    gardes |= _match_corrigees(list(anciennes.items()), libelles, gardes)
    pris = set(anciennes.values())
    options = []
    for libelle in libelles:
        identifiant = gardes.get(libelle) or _make_id(libelle, pris)
        pris.add(identifiant)
        options.append({"id": identifiant, "libelle": libelle})
    return options


def _match_corrigees(
    anciennes: list[tuple[str, str]], libelles: list[str], gardes: dict[str, str]
) -> dict[str, str]:
    """Rapproche chaque ligne corrigée de celle qu’elle remplace, à la même place."""
    corrigees: dict[str, str] = {}
    comparaison = SequenceMatcher(None, [libelle for libelle, _ in anciennes], libelles, False)
    for geste, a1, a2, b1, b2 in comparaison.get_opcodes():
        if geste != "replace" or a2 - a1 != b2 - b1:
            continue
        for (avant, identifiant), apres in zip(anciennes[a1:a2], libelles[b1:b2], strict=True):
            proche = SequenceMatcher(None, fold(avant), fold(apres)).ratio() >= RESSEMBLANCE
            if proche and apres not in gardes and avant not in gardes:
                corrigees[apres] = identifiant
    return corrigees


def _make_id(libelle: str, pris: set[str]) -> str:
    base = slugify(libelle)[:55]
    candidats = [base, *(f"{base}_{n}" for n in range(2, len(pris) + 3))]
    return next(candidat for candidat in candidats if candidat not in pris)
