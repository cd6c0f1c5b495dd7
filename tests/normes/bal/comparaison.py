"""Mettre notre rapport dans la forme de celui du validateur officiel."""

from typing import Any

from socle.normes.bal.validation import Rapport

PROFILS = ("1.3", "1.4", "1.5")


def summarize(rapport: Rapport) -> dict[str, Any]:
    """Rend ce que `oracle.js` dit d’un fichier lisible sans ligne vide ni saut dans une cellule."""
    lignes: list[list[str]] = [[] for _ in range(rapport.nombre)]
    for anomalie in rapport.anomalies:
        if anomalie.ligne:
            lignes[anomalie.ligne - 2].append(f"{anomalie.code}:{anomalie.niveau}")
    return {
        "profil": rapport.profil,
        "encodage": rapport.encodage,
        "separateur": rapport.separateur,
        "lignes": [sorted(codes) for codes in lignes],
        "fichier": sorted({f"{a.code}:{a.niveau}" for a in rapport.anomalies}),
        "absentes": sorted(rapport.absentes),
        "valides": rapport.valides,
    }


def shorten(oracle: dict[str, Any]) -> dict[str, Any]:
    """Rend la réponse de l’oracle sans ce que l’on ne compare pas."""
    rendu = {cle: valeur for cle, valeur in oracle.items() if cle not in {"dates", "corrige"}}
    rendu["valides"] = {profil: oracle["valides"][profil] for profil in PROFILS}
    return rendu
