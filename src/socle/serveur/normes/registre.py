"""Les normes connues de `./socle normes` ; un module n’est chargé que si on le demande."""

import importlib

from socle.serveur.normes.ports import Verbes

# Une norme : un module de ce dossier, qui porte `VERBES`.
NORMES = {
    "actes": "envois au contrôle de légalité (@CTES) et budgets TotEM",
    "bal": "bases adresses locales 1.3, 1.4 et 1.5",
    "preuve": "dossiers de preuve",
    "publiccode": "fiches de logiciels publics (publiccode.yml)",
    "delais": "délais légaux : recours, silence, convocation, urbanisme",
    "seda": "versements d’archives SEDA 2.1, 2.2 et 2.3",
    "dcat": "catalogues de données ouvertes (DCAT-AP 3.0.1)",
    "decp": "marchés et concessions (données essentielles de la commande publique)",
    "scdl": "tableaux de données ouvertes (SCDL et tout Table Schema)",
}


def load_verbes(norme: str) -> Verbes:
    """Rend les verbes d’une norme du registre."""
    verbes: Verbes = importlib.import_module(f"socle.serveur.normes.{norme}").VERBES
    return verbes
