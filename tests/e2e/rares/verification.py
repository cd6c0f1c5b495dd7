"""Le rapport d’un fichier n’a pas d’adresse à lui : il répond à l’envoi du formulaire."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.metiers.verification.fichiers import build_deliberations


def rapport(_: Monde) -> Iterator[HttpResponse]:
    """Un fichier à corriger, puis corrigé, puis un fichier que l’on ne reconnaît pas."""
    fautif = build_deliberations(*["21/11/2026", "hier"] * 20)
    for octets, geste in ((fautif, "verifier"), (fautif, "corriger"), (b"Bonjour", "verifier")):
        nom = "deliberations.csv" if octets == fautif else "mot.txt"
        envoi = {"fichier": SimpleUploadedFile(nom, octets), "geste": geste}
        yield ClientStrict().post("/outils/verifier/", envoi)


GABARITS: dict[str, Scene] = {"verification/verifier.html": rapport}
