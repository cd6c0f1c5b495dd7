"""Processus ouvrier : reconnaît des formats de fichiers avec pygfried, une demande par ligne.

Lancé comme script isolé par `formats.py`. pygfried embarque un moteur Go (157 Mio) qui ne
supporte pas d’être chargé avant un `fork` : il vit ici, et meurt avec la demande.
Entrée : un chemin en JSON par ligne. Sortie : `{"puid", "nom", "type_mime"}` ou `null` par ligne.
"""

import json
import sys


def identify(chemin: str) -> dict[str, str] | None:
    """Décrit le format du fichier ; None s’il n’est pas reconnu ou ne se lit pas."""
    import pygfried  # noqa: PLC0415

    try:
        fichiers = pygfried.identify(chemin, detailed=True)["files"]
    except OSError:
        return None
    reponses = [r for r in fichiers[0]["matches"] if r["ns"] == "pronom"] if fichiers else []
    if not reponses or reponses[0]["id"] == "UNKNOWN":
        return None
    reponse = reponses[0]
    nom = " ".join(mot for mot in (reponse["format"], reponse["version"]) if mot)
    return {"puid": reponse["id"], "nom": nom, "type_mime": reponse["mime"]}


def main() -> None:
    """Répond à chaque ligne reçue, jusqu’à la fin de l’entrée."""
    for ligne in sys.stdin:
        sys.stdout.write(json.dumps(identify(json.loads(ligne))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
