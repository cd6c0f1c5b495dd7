"""Fichiers remis aux agents : liste en CSV ou XLSX, dossier de preuve."""

from collections.abc import Iterator

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.comptes.permissions import mark_roles, role_requis
from socle.fondations.journal import services as journal
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.exports import listes
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import LECTEURS, read_lisibles
from socle.metiers.dossiers.services.preuve import open_dossier_de_preuve
from socle.metiers.dossiers.views.agent_dossier import get_dossier

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@role_requis(*LECTEURS, par_service=True)
@require_safe
def exporter(request: HttpRequest, pk: int, format_: str) -> HttpResponseBase:
    """Remet la liste complète d’une démarche, en CSV (au fil de l’eau) ou en XLSX."""
    siennes = read_lisibles(request.user, request.collectivite).filter("service")
    demarche = Demarche.objects.filter(siennes, collectivite=request.collectivite, pk=pk).first()
    if demarche is None:
        raise Http404
    journal.record(
        action="dossiers.exportes",
        objet=f"demarche:{demarche.pk}",
        acteur=request.user.acteur,
        collectivite_id=request.collectivite.pk,
        maintenant=timezone.now(),
        donnees={"format": format_},
    )
    nom = f"{demarche.chemin}-{timezone.localdate():%Y-%m-%d}.{format_}"
    if format_ == "xlsx":
        fichier = listes.write_xlsx(listes.iter_lignes(demarche))
        return FileResponse(fichier, as_attachment=True, filename=nom, content_type=XLSX)
    reponse = StreamingHttpResponse(stream_csv(demarche), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


def stream_csv(demarche: Demarche) -> Iterator[bytes]:
    """Rend le CSV dans sa propre transaction : celle de la requête est déjà finie."""
    with locataire(demarche.collectivite_id):
        yield from iter_csv(listes.iter_lignes(demarche))


@hors_transaction
@require_safe
def preuve(request: HttpRequest, numero: int) -> HttpResponseBase:
    """Remet le dossier de preuve : documents, réponses, journal, preuves d’inclusion, clés.

    Hors transaction : les pièces, qui peuvent peser un gibioctet, passent par un fichier
    provisoire.
    """
    with locataire(request.collectivite.pk, personne_id=request.user.pk):
        dossier = _get_lisible(request, numero)
    fichier = open_dossier_de_preuve(dossier, timezone.now())
    nom = f"preuve-{dossier.reference}.zip"
    return FileResponse(fichier, as_attachment=True, filename=nom, content_type="application/zip")


mark_roles(preuve, *LECTEURS, par_service=True)  # vérifiés par `_get_lisible`


@role_requis(*LECTEURS, par_service=True)
def _get_lisible(request: HttpRequest, numero: int) -> Dossier:
    """Vérifie le rôle, puis le droit sur ce dossier."""
    return get_dossier(request, numero)
