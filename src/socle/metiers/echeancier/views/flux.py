"""Agenda, flux et fichiers ouverts, par filtre."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.agenda import respond_agenda
from socle.fondations.commun.flux import respond_atom
from socle.metiers.echeancier.exports.agenda import list_rendezvous
from socle.metiers.echeancier.exports.fichiers import list_entrees, write_csv, write_json
from socle.metiers.echeancier.forms.filtre import FiltreEcheances
from socle.metiers.echeancier.queries import obligations as lectures
from socle.metiers.echeancier.queries.fichiers import read_datees, read_seule
from socle.metiers.echeancier.views.cache import publique


@publique
def agenda(request: HttpRequest) -> HttpResponse:
    """Échéances du filtre, ou une seule (`?echeance=`), à suivre depuis un agenda."""
    if slug := request.GET.get("echeance"):
        seules = read_seule(slug.replace("\x00", "")[:80])
        if not seules:
            raise Http404
        return respond_agenda(seules[0].titre, seules[0].slug, list_rendezvous(seules))
    filtre = FiltreEcheances(request.GET.dict())
    datees = read_datees(filtre.criteres, aujourdhui=timezone.localdate())
    return respond_agenda(name_filtre(filtre), "echeancier", list_rendezvous(datees))


@publique
def atom(request: HttpRequest) -> HttpResponse:
    """Flux des dernières échéances publiées ou changées."""
    filtre = FiltreEcheances(request.GET.dict())
    obligations = lectures.list_dernieres(filtre.criteres, aujourdhui=timezone.localdate())
    adresse = filtre.build_adresse()
    return respond_atom(
        titre=name_filtre(filtre),
        resume="Ce que la loi demande aux collectivités, et quand.",
        page=reverse("echeancier:liste") + adresse,
        flux=reverse("echeancier:atom") + adresse,
        entrees=list_entrees(obligations),
    )


@publique
def csv(request: HttpRequest) -> HttpResponse:
    """Échéances du filtre, pour un tableur ; les formules y sont désamorcées."""
    filtre = FiltreEcheances(request.GET.dict())
    contenu = write_csv(filtre.criteres, timezone.localdate())
    reponse = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = 'attachment; filename="echeancier.csv"'
    return reponse


@publique
def json(request: HttpRequest) -> HttpResponse:
    """Échéances du filtre, pour un logiciel."""
    filtre = FiltreEcheances(request.GET.dict())
    contenu = write_json(filtre.criteres, timezone.localdate())
    return HttpResponse(contenu, content_type="application/json")


def name_filtre(filtre: FiltreEcheances) -> str:
    """Nom de l’agenda ou du flux : « Échéancier de Clamart », « Échéancier, Bretagne »."""
    autorite = filtre.autorite_trouvee
    if autorite:
        return f"Échéancier de {autorite.nom}"
    territoire = filtre.nom_territoire
    return f"Échéancier, {territoire}" if territoire else "Échéancier des collectivités"
