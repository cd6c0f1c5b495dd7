"""Un verbe de `./socle normes` dans un processus borné, pour la page « Vérifier un fichier ».

Lancé par `socle.metiers.verification` : le serveur web ne lit jamais le fichier d’un inconnu.
Arguments : MÉMOIRE (Mio) SECONDES OCTETS GARDÉES NORME VERBE FICHIER [options]. Sortie : un objet
JSON sur la dernière ligne, `objet` (celui de `--json`), `phrases`, `fautes`, `notes`, ou `refus`.
"""

import json
import os
import resource
import sys
from itertools import islice
from typing import Any

from socle.serveur.arguments import UsageIncorrect
from socle.serveur.enfants import follow_parent
from socle.serveur.normes.commande import build_analyseur
from socle.serveur.normes.ports import Inutilisable, Resultat
from socle.serveur.normes.registre import load_verbes

DISCRET = 10  # priorité basse : les pages passent devant


def main(argv: list[str]) -> int:
    """Borne le processus, joue le verbe, écrit le résultat."""
    memoire, secondes, octets, gardees = map(int, argv[:4])
    bound(memoire=memoire << 20, secondes=secondes, octets=octets)
    sys.stdout.write(json.dumps(run(argv[4:], gardees), ensure_ascii=False, default=str) + "\n")
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
    except (MemoryError, RecursionError):
        return {"refus": {"code": "trop-gros", "message": "Ce fichier demande trop de mémoire."}}


def describe(resultat: Resultat, gardees: int) -> dict[str, Any]:
    """Met un résultat en types simples, listes bornées."""
    objet = {
        cle: valeur[:gardees] if isinstance(valeur, list | tuple) else valeur
        for cle, valeur in resultat.objet.items()
    }
    return {
        "objet": objet,
        "valide": resultat.valide,
        "phrases": list(islice(resultat.phrases, gardees)),
        "fautes": resultat.fautes[:gardees],
        "notes": resultat.notes[:gardees],
        "nombre": len(resultat.fautes),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
