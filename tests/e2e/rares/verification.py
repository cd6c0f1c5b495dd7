"""Le rapport d’un fichier n’a pas d’adresse à lui : il répond à l’envoi du formulaire."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from socle.normes.decp.ecriture import write_json
from tests.conftest import ClientStrict
from tests.e2e.rares.monde import Monde, Scene
from tests.metiers.verification.fichiers import build_deliberations
from tests.normes.decp.fabrique import CONTRATS


def rapport(_: Monde) -> Iterator[HttpResponse]:
    """Un fichier à corriger, un autre corrigé en partie, un troisième que l’on ne reconnaît pas."""
    fautif = build_deliberations(*["21/11/2026", "hier"] * 20)
    marches = write_json(CONTRATS)
    for avant, apres in (
        (b"118400.50", b'"118 400,50"'),
        (b'"Mixte"', b'"x"'),
        (b"SIRET", b"siret"),
    ):
        marches = marches.replace(avant, apres)
    envois = (
        ("deliberations.csv", fautif, "verifier"),
        ("decp.json", marches, "corriger"),
        ("mot.txt", b"Bonjour", "verifier"),
    )
    for nom, octets, geste in envois:
        envoi = {"fichier": SimpleUploadedFile(nom, octets), "geste": geste}
        yield ClientStrict().post("/outils/verifier/", envoi)


GABARITS: dict[str, Scene] = {"verification/verifier.html": rapport}
