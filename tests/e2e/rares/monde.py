"""De quoi jouer une scène : un navigateur de test, les objets des essais, les courriels partis."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.conftest import ClientStrict
from tests.taches import run_taches


@dataclass
class Monde:
    """`base` : « /c/clamart/ », ou « / » pour l’installation. `prends` rend une fixture."""

    base: str
    prends: Callable[[str], Any]

    def __getitem__(self, fixture: str) -> Any:
        return self.prends(fixture)

    def enter(self, compte: Any) -> Client:
        """Ouvre un navigateur neuf, connecté, second facteur compris."""
        client = ClientStrict()
        client.force_login(compte)
        return client

    def read_lien(self, mot: str) -> str:
        """Livre les courriels en attente et rend le chemin du dernier lien qui contient ce mot."""
        partis = self["courriels"]()
        run_taches("notifications.")
        liens = [lien for m in partis for lien in re.findall(r"https?://[^/\s]+(/\S+/)", m.body)]
        return [lien for lien in liens if mot in lien][-1]


VIDE = {"vide": "1"}  # un envoi sans réponse : le jeton du navigateur y est toujours
# Une scène mène à une page, par les gestes du produit ; elle rend ce que la personne y voit,
# d’abord la page dans son état ordinaire, puis ses autres états (refus, saisie à reprendre).
Scene = Callable[[Monde], Iterator[HttpResponse]]
