"""Sert le vrai site, semé : `python -m tests.e2e.serveur DOSSIER PORT`, jusqu’à Ctrl-C."""

import os
import shutil
import sys
from pathlib import Path

from socle.serveur.dossier import DossierDonnees
from socle.serveur.postgres.roles import change_url
from socle.serveur.service import Demande, start_service
from socle.simulateurs.proconnect.agents import AGENTS_COMMUNE
from tests.base_essais import clone_modele

OPERATEUR = next(agent.courriel for agent in AGENTS_COMMUNE if agent.code == "valideur")


def main(chemin: str, port: str) -> None:
    """Prépare la démonstration, écrit `pret` dans le dossier, puis veille.

    La base est une copie du modèle des essais : la migrer et charger le COG ont leurs essais.
    """
    dossier = DossierDonnees.choose(Path(chemin) / "donnees")
    dossier.mark_demonstration()
    with clone_modele("site") as (acces, nom):
        shutil.copytree(acces.cles, dossier.cles, dirs_exist_ok=True)
        os.environ["DATABASE_URL"] = change_url(acces.proprietaire_url, base=nom)
        with start_service(
            Demande(dossier, int(port), bac_a_sable=True, processus_web=1)
        ) as service:
            operateur = ("agent", "operateur", "--courriel", OPERATEUR)
            for commande in (("semer_demonstration",), operateur, ("semer_programme",)):
                essai = service.installation.run_django(*commande)
                if essai.returncode:
                    sys.exit(essai.stderr.decode())
            (Path(chemin) / "pret").touch()
            service.superviseur.watch()


if __name__ == "__main__":
    main(*sys.argv[1:])
