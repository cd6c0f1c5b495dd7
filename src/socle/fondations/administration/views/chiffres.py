"""Chiffres d’usage de l’installation : une page pour l’opérateur, et le même contenu en CSV."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.administration.services.chiffres import build_tableau, list_chiffres
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.comptes.permissions import operateur_requis

ENTETES = ("Mois", "Mesure", "Détail", "Nombre")


@operateur_requis
@require_safe
def chiffres(request: HttpRequest) -> HttpResponse:
    """Montre les chiffres des douze derniers mois, et les totaux depuis le premier jour."""
    aujourdhui = timezone.localdate()
    tableau = build_tableau(list_chiffres(aujourdhui), aujourdhui)
    return render(request, "administration/chiffres.html", {"tableau": tableau})


@operateur_requis
@require_safe
def chiffres_csv(request: HttpRequest) -> HttpResponse:
    """Remet tous les chiffres, une ligne par mois, mesure et détail."""
    aujourdhui = timezone.localdate()
    lignes = [
        (f"{chiffre.mois:%Y-%m}", chiffre.mesure, chiffre.detail, chiffre.nombre)
        for chiffre in list_chiffres(aujourdhui)
    ]
    contenu = b"".join(iter_csv([ENTETES, *lignes]))
    reponse = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="chiffres-{aujourdhui}.csv"'
    return reponse
