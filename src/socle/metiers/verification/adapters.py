"""De la requête au contrôle, pour la page comme pour l’interface de programmation."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from socle.fondations.commun.entiers import read_entier
from socle.metiers.verification.enums import Geste
from socle.metiers.verification.errors import FichierAbsent
from socle.metiers.verification.services.controle import Controle, FichierRecu, check_fichier
from socle.metiers.verification.services.envoi import check_longueur, count_envoi

MORCEAU = 1024 * 1024
A_VIDER_MAX = 256 * MORCEAU
FORMULAIRES = {"multipart/form-data", "application/x-www-form-urlencoded", ""}


@dataclass(frozen=True, slots=True)
class CorpsRecu:
    """Un fichier envoyé seul, sans formulaire autour : le corps de la requête."""

    request: HttpRequest

    def chunks(self) -> Iterator[bytes]:
        while morceau := self.request.read(MORCEAU):
            yield morceau


def receive(request: HttpRequest) -> tuple[Controle, Geste]:
    """Compte l’envoi, lit le fichier et le fait contrôler.

    Champs : `fichier`, `schema`, `nature`, `geste` d’un formulaire ; ou le fichier pour corps, et
    `nom`, `nature`, `geste` dans l’adresse.

    Raises:
        ErreurMetier: tout refus, avec ses deux phrases et son statut.
    """
    count_envoi(qui=request.META.get("REMOTE_ADDR", ""), maintenant=timezone.now())
    check_longueur(read_entier(request.META.get("CONTENT_LENGTH"), 0, chiffres=18))
    fichier, nom = _find_fichier(request)
    geste = _read_geste(request)
    controle = check_fichier(
        fichier=fichier,
        nom=nom,
        nature=_read(request, "nature"),
        geste=geste,
        schema=request.FILES.get("schema") if is_formulaire(request) else None,
    )
    return controle, geste


def is_formulaire(request: HttpRequest) -> bool:
    """Faux si le corps de la requête est le fichier lui-même."""
    return (request.content_type or "") in FORMULAIRES


def _find_fichier(request: HttpRequest) -> tuple[FichierRecu, str]:
    if not is_formulaire(request):
        return CorpsRecu(request), request.GET.get("nom", "")
    fichier = request.FILES.get("fichier")
    if fichier is None:
        raise FichierAbsent
    return fichier, fichier.name or ""


def _read_geste(request: HttpRequest) -> Geste:
    try:
        return Geste(_read(request, "geste"))
    except ValueError:
        return Geste.VERIFIER


def _read(request: HttpRequest, champ: str) -> str:
    envoye = request.POST.get(champ) if is_formulaire(request) else None
    return str(envoye if envoye is not None else request.GET.get(champ, ""))


def drain(request: HttpRequest) -> None:
    """Lit et jette le reste du corps, sinon le navigateur montre « connexion interrompue »."""
    reste = A_VIDER_MAX
    try:
        while reste > 0 and (morceau := request.read(MORCEAU)):
            reste -= len(morceau)
    except OSError:  # déjà lu, ou coupé
        return


def serve(octets: bytes, nom: str, type_mime: str) -> HttpResponse:
    """Un fichier à enregistrer, jamais à afficher."""
    reponse = HttpResponse(octets, content_type=type_mime)
    reponse.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=nom)
    )
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse
