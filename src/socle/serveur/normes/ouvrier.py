"""Un verbe de `./socle normes` dans un processus borné, pour la page « Vérifier un fichier ».

Lancé par `socle.metiers.verification` : le serveur web ne lit jamais le fichier d’un inconnu.
Arguments : MÉMOIRE (Mio) SECONDES OCTETS GARDÉES NORME VERBE FICHIER [options]. Sortie : un objet
JSON sur la dernière ligne, `objet` (celui de `--json`), `phrases`, `fautes`, `notes`, ou `refus`.
"""

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

from socle.serveur.arguments import UsageIncorrect
from socle.serveur.enfants import follow_parent
from socle.serveur.normes.commande import build_analyseur
from socle.serveur.normes.ports import Inutilisable, Resultat
from socle.serveur.normes.registre import load_verbes

TEXTE_MAX = 2_000
DISCRET = 10  # priorité basse : les pages passent devant


def main(argv: list[str]) -> int:
    """Borne le processus, joue le verbe, écrit le résultat."""
    memoire, secondes, octets, gardees = map(int, argv[:4])
    bound(memoire=memoire << 20, secondes=secondes, octets=octets)
    texte = json.dumps(run(argv[4:], gardees), ensure_ascii=False, default=str)
    sys.stdout.buffer.write(texte.encode("utf-8", "replace"))  # un demi-caractère ne se dit pas
    return 0


def bound(*, memoire: int, secondes: int, octets: int) -> None:
    """Fixe ce que le processus peut prendre ; il meurt aussi avec celui qui l’a lancé.

    Args:
        memoire: octets d’adresses, bibliothèques comprises.
        secondes: de processeur.
        octets: taille d’un fichier écrit.
    """
    follow_parent()
    os.nice(DISCRET)
    for ressource, valeur in (
        (resource.RLIMIT_AS, memoire),
        (resource.RLIMIT_CPU, secondes),
        (resource.RLIMIT_FSIZE, octets),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(ressource, (valeur, valeur))


def run(argv: list[str], gardees: int) -> dict[str, Any]:
    """Joue « NORME VERBE FICHIER [options] » ; le résultat ne porte que `gardees` fautes."""
    norme, nom, *suite = argv
    verbe = load_verbes(norme)[nom]
    try:
        options = build_analyseur(norme, nom, verbe).parse_args(suite)
        return describe(verbe.run(options, lambda _: None), gardees)
    except Inutilisable as refus:
        return {"refus": {"code": refus.code, "message": refus.message}}
    except UsageIncorrect as refus:
        return {"refus": {"code": "usage", "message": str(refus)}}
    except OSError:
        return {"refus": {"code": "source-error", "message": "Ce fichier ne se lit pas."}}
    except (MemoryError, RecursionError):
        return {"refus": {"code": "trop-gros", "message": "Ce fichier demande trop de mémoire."}}


def describe(resultat: Resultat, gardees: int) -> dict[str, Any]:
    """Met un résultat en types simples ; listes et textes bornés."""
    return {
        "objet": cut(resultat.objet, gardees),
        "valide": resultat.valide,
        "phrases": cut(resultat.phrases, gardees),
        "fautes": cut(resultat.fautes, gardees),
        "notes": cut(resultat.notes, gardees),
        "nombre": len(resultat.fautes),
    }


def cut(valeur: Any, gardees: int) -> Any:
    """Borne une valeur, en profondeur : une cellule de 8 Mo ne passe pas mille fois."""
    if isinstance(valeur, str):
        return valeur if len(valeur) <= TEXTE_MAX else valeur[:TEXTE_MAX] + "…"
    if isinstance(valeur, Mapping):
        return {cle: cut(element, gardees) for cle, element in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [cut(element, gardees) for element in valeur[:gardees]]
    return valeur


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
