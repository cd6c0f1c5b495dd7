"""Premières pages."""

import pytest

EDITEUR = "/c/clamart/agent/demarches/{}/formulaire/"


def test_smoke(client, administrateur, demarche):
    client.force_login(administrateur)
    base = f"/c/clamart/agent/demarches/{demarche.pk}/"
    for suffixe in ("formulaire/", "fiche/", "publication/", "apercu/1/", "formulaire/pages/vous/",
                    "formulaire/champs/prenom/", "formulaire/champs/quotient/", "formulaire/pages/vous/supprimer/",
                    "formulaire/baremes/", "formulaire/ajouter/vous/", "demarche.json", "../", "../importer/", "../nouvelle/"):
        from urllib.parse import urljoin
        r = client.get(urljoin(base, suffixe))
        assert r.status_code == 200, (suffixe, r.status_code)
