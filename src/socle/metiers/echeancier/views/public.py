"""L’échéancier que tout le monde lit : la frise et son tableau, une fiche, le papier."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.metiers.echeancier.exports.frise import (
    ETROITE,
    LARGE,
    Frise,
    build_frise,
    choose_periode,
)
from socle.metiers.echeancier.forms.filtre import FiltreEcheances, read_annees
from socle.metiers.echeancier.queries import obligations as lectures
from socle.metiers.echeancier.queries.fichiers import AU_TABLEAU, read_toutes
from socle.metiers.echeancier.queries.histoire import build_histoire
from socle.metiers.echeancier.queries.lignes import LigneEcheance, build_ligne
from socle.metiers.echeancier.queries.profils import describe_concernes
from socle.metiers.echeancier.views.cache import publique

LIGNES_IMPRIMEES = 240
PAR_FEUILLE = 12


@publique
def liste(request: HttpRequest) -> HttpResponse:
    """Frise et tableau, par filtre et par page."""
    filtre = FiltreEcheances(request.GET.dict())
    if filtre.autorite_trouvee and request.GET.get("c") and not request.GET.get("autorite"):
        return redirect(reverse("echeancier:liste") + filtre.build_adresse())
    aujourdhui = timezone.localdate()
    page = lectures.paginate_obligations(
        filtre.criteres, aujourdhui=aujourdhui,
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    # Un nom qui désigne plusieurs collectivités coûte une recherche : le total attendra le choix.
    total = (
        None if filtre.choix
        else lectures.count_obligations(filtre.criteres, aujourdhui=aujourdhui)
    )  # fmt: skip
    lignes = [build_ligne(obligation, aujourdhui) for obligation in page.lignes]
    avant, apres = read_annees(filtre.annee_choisie, aujourdhui)
    contexte = {
        **describe_filtre(filtre),
        **build_frises(lignes, filtre, aujourdhui),
        "lignes": lignes,
        "total": total,
        "aujourdhui": aujourdhui,
        "suivante": filtre.build_adresse(apres=page.suivante) if page.suivante else "",
        "precedente": filtre.build_adresse(avant=page.precedente) if page.precedente else "",
        "annee_avant": avant,
        "annee_apres": apres,
        "adresse_avant": filtre.build_adresse(annee=avant),
        "adresse_apres": filtre.build_adresse(annee=apres),
    }
    return render(request, "echeancier/liste.html", contexte)


@publique
def imprimer(request: HttpRequest) -> HttpResponse:
    """La même chose sans pages, coupée en feuilles A3 en paysage."""
    filtre = FiltreEcheances(request.GET.dict())
    aujourdhui = timezone.localdate()
    trouvees, publics = read_toutes(
        filtre.criteres, aujourdhui=aujourdhui, champs=AU_TABLEAU, limite=LIGNES_IMPRIMEES + 1
    )
    lignes = [
        build_ligne(
            lue, aujourdhui,
            public=describe_concernes(publics.get(lue.pk, ()), lue.territoires, lue.precision),
        )
        for lue in trouvees[:LIGNES_IMPRIMEES]
    ]  # fmt: skip
    feuilles = [lignes[i : i + PAR_FEUILLE] for i in range(0, len(lignes), PAR_FEUILLE)]
    periode = choose_periode(filtre.annee_choisie, aujourdhui)
    contexte = {
        **describe_filtre(filtre),
        "frises": [
            build_frise(feuille, periode=periode, aujourdhui=aujourdhui, gabarit=LARGE, numero=rang)
            for rang, feuille in enumerate(feuilles, 1)
        ],
        "lignes": lignes,
        "est_coupe": len(trouvees) > LIGNES_IMPRIMEES,
        "aujourdhui": aujourdhui,
    }
    return render(request, "echeancier/imprimer.html", contexte)


@publique
def fiche(request: HttpRequest, slug: str) -> HttpResponse:
    """Une obligation : son texte, sa date et son histoire, quoi faire, ce qui aide."""
    obligation = lectures.find_obligation(slug)
    if obligation is None:
        raise Http404
    return render(request, "echeancier/fiche.html", describe_fiche(obligation))


def describe_fiche(obligation: Any) -> dict[str, Any]:
    """Ce que montre la page d’une obligation, publiée ou en aperçu."""
    aujourdhui = timezone.localdate()
    return {
        "obligation": obligation,
        "ligne": build_ligne(obligation, aujourdhui),
        "histoire": build_histoire(obligation),
        "texte_mis_en_forme": render_texte(obligation.texte, niveau=3),
        "aides": list(map_fiches(obligation.liens).values()),
        "rappels": list_rappels(obligation.cle),
    }


def describe_filtre(filtre: FiltreEcheances) -> dict[str, Any]:
    """Le filtre, et les adresses qui en dépendent."""
    return {
        "filtre": filtre,
        "autorite": filtre.autorite_trouvee,
        "adresse": filtre.build_adresse(annee=None),
        "choix": [(a, filtre.build_adresse(autorite=a.cle)) for a in filtre.choix],
    }


def build_frises(
    lignes: list[LigneEcheance], filtre: FiltreEcheances, aujourdhui: Any
) -> dict[str, Frise]:
    """Les deux dessins des mêmes lignes."""
    periode = choose_periode(filtre.annee_choisie, aujourdhui)
    return {
        f"frise_{gabarit.nom}": build_frise(
            lignes, periode=periode, aujourdhui=aujourdhui, gabarit=gabarit
        )
        for gabarit in (LARGE, ETROITE)
    }
