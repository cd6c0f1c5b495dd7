"""Pages publiques : les collectivités, leurs taux, une solution, ceux qui restent en retrait."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from socle.fondations.commun.ensembles import read_listes
from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.fiches import build_encarts, encarts_autorite, list_rappels
from socle.fondations.commun.publique import page_publique
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.fondations.referentiels.queries import list_departements, search_autorites
from socle.metiers.adoption import exports
from socle.metiers.adoption.enums import Usage
from socle.metiers.adoption.models import TOUTES, Brique
from socle.metiers.adoption.queries import autorites, reussites, taux
from socle.metiers.adoption.queries.solutions import (
    find_suivie,
    get_total,
    list_suivies,
    map_titres,
)
from socle.metiers.adoption.views.carte import (
    HAUTEUR,
    LARGEUR,
    PLACES,
    build_carte,
    build_courbe,
    list_legende,
)

RETOURS = "espaces"  # métier qui tient les retours d’expérience, entre autres


@page_publique
def collectivites(request: HttpRequest) -> HttpResponse:
    """Chercher une collectivité, et voir où en est la France avec une solution."""
    texte = request.GET.get("q", "").strip()[:100]
    if texte:
        trouvees = search_autorites(texte, limite=30)
        contexte = {"q": texte, "trouvees": trouvees}
        return render(request, "adoption/recherche.html", contexte)
    total = get_total()
    contexte = {
        "suivies": list_suivies(),
        "brique": total,
        "q": "",
        "taux": _render_taux(request, total),
    }
    return render(request, "adoption/collectivites.html", contexte)


@page_publique
def solution(request: HttpRequest, solution: str) -> HttpResponse:
    """Une solution : par taille, par territoire, dans le temps."""
    suivie = find_suivie(solution)
    if suivie is None:
        raise Http404
    contexte = {
        "suivie": suivie,
        "brique": suivie.brique,
        "taux": _render_taux(request, suivie.brique),
        "conventions": reussites.list_conventions_de(suivie.cle),
    }
    return render(request, "adoption/solution.html", contexte)


# La partie lourde d’une page (carte, tableaux, courbe) est la même pour tous tant que les comptes
# ne sont pas refaits : chaque processus en garde quelques-unes.
_gardees: dict[tuple[object, ...], SafeString] = {}
GARDEES_MAX = 64


def clear_taux() -> None:
    """Oublie les taux dessinés (entre deux essais)."""
    _gardees.clear()


def _render_taux(request: HttpRequest, brique: Brique) -> SafeString:
    """Dessine les taux d’une solution ; trois instructions SQL, aucune si c’est déjà fait."""
    genre, departement = _read_genre(request), request.GET.get("departement", "")
    choisi = departement if departement in PLACES else ""
    jour = timezone.localdate()
    cle = (brique.solution, brique.recalcule_le, brique.utilisent, genre, choisi, jour)
    if cle not in _gardees or brique.recalcule_le is None:
        if len(_gardees) >= GARDEES_MAX:
            _gardees.clear()
        contexte = _describe_taux(brique.solution, genre, choisi)
        if brique.solution:
            points = taux.read_courbe(brique.solution, genre=genre)
            contexte["courbe"] = build_courbe(points, jour)
        _gardees[cle] = render_to_string("adoption/_ici.html", contexte)
    return _gardees[cle]


def _describe_taux(solution: str, genre: GenreAutorite, choisi: str) -> dict[str, Any]:
    """Taux d’une solution par taille et par département, pour un genre. Deux instructions SQL."""
    mailles = taux.list_mailles(solution)
    du_genre = [maille for maille in mailles if maille.genre == genre]
    noms = {departement.code: departement.nom for departement in list_departements()}
    par_departement = taux.sum_mailles(du_genre, lambda m: m.departement)
    pages = ("adoption:solution", "adoption:solution_taux_csv") if solution else (
        "adoption:collectivites", "adoption:taux_csv"
    )  # fmt: skip
    adresse, csv = (reverse(page, args=[solution] if solution else []) for page in pages)
    filtre = urlencode({"genre": genre, "departement": ""})
    return {
        "genre": genre,
        "genres": list(GenreAutorite.choices),
        "prevus": bool(solution),  # « au moins une » ne dit pas qui prévoit
        "pluriel": taux.PLURIELS[genre],
        "france": taux.sum_tout(du_genre),
        "par_genre": _name_genres(mailles),
        "tailles": _name_tranches(m for m in du_genre if choisi in ("", m.departement)),
        "departements": [
            (code, noms.get(code, "Sans département"), ligne)
            for code, ligne in sorted(par_departement.items())
        ],
        "choisi": choisi,
        "choisi_nom": noms.get(choisi, ""),
        "choisi_taux": par_departement.get(choisi),
        "carreaux": build_carte(par_departement, noms, f"{adresse}?{filtre}"),
        "legende": list_legende(),
        "largeur": LARGEUR,
        "hauteur": HAUTEUR,
        "csv": csv,
        "courbe": None,
    }


def _read_genre(request: HttpRequest) -> GenreAutorite:
    demande = request.GET.get("genre", "")
    return GenreAutorite(demande if demande in GenreAutorite.values else GenreAutorite.COMMUNE)


def _name_tranches(mailles: Iterable[taux.Maille]) -> list[tuple[int, str, taux.Taux]]:
    sommes = taux.sum_mailles(mailles, lambda m: m.tranche)
    return [(t, str(Tranche(t).label), sommes[t]) for t in sorted(sommes)]


def _name_genres(mailles: Iterable[taux.Maille]) -> list[tuple[str, str, taux.Taux]]:
    sommes = taux.sum_mailles(mailles, lambda m: m.genre)
    return [(g, taux.PLURIELS[GenreAutorite(g)], sommes[g]) for g in PLURIELS if g in sommes]


PLURIELS = [genre.value for genre in taux.PLURIELS]


@page_publique
def autorite(request: HttpRequest, cle: str) -> HttpResponse:
    """La page d’une collectivité, qu’elle soit ou non dans l’installation."""
    identite = autorites.find_identite(cle)
    if identite is None:
        raise Http404
    usages, signatures, semblables = autorites.read_page(identite.autorite)
    titres = map_titres([usage.solution for usage in usages])
    lignes = [(usage, titres[usage.solution]) for usage in usages]
    lignes.sort(key=lambda l: (RANG_USAGE[Usage(l[0].fait.usage)], l[1].titre))  # noqa: E741
    contexte = {
        "identite": identite,
        "autorite": identite.autorite,
        "lignes": lignes,
        "signatures": signatures,
        "semblables": semblables,
        "encarts": build_encarts(encarts_autorite, request, identite.autorite),
    }
    return render(request, "adoption/autorite.html", contexte)


RANG_USAGE = {Usage.UTILISE: 0, Usage.PREVOIT: 1, Usage.ARRETE: 2}


@page_publique
def pres_de(request: HttpRequest, solution: str, cle: str) -> HttpResponse:
    """Qui, près de cette collectivité et de sa taille, utilise déjà cette solution."""
    identite = autorites.find_identite(cle)
    suivie = find_suivie(solution)
    if identite is None or suivie is None:
        raise Http404
    contexte = {
        "identite": identite,
        "autorite": identite.autorite,
        "suivie": suivie,
        "voisins": autorites.list_voisins(solution=solution, autorite=identite.autorite),
    }
    return render(request, "adoption/pres_de.html", contexte)


@page_publique
def ecarts(request: HttpRequest) -> HttpResponse:
    """Qui reste en retrait, par taille et territoire, et ce qu’ont fait celles qui ont réussi."""
    suivies = list_suivies()
    par_slug = {suivie.slug: suivie for suivie in suivies}
    demande = request.GET.get("solution", "")
    suivie = par_slug.get(demande)
    genre = _read_genre(request)
    mailles = taux.list_mailles(suivie.slug if suivie else TOUTES, genre=genre)
    noms = {departement.code: departement.nom for departement in list_departements()}
    tous = taux.find_ecarts(mailles)
    contexte = {
        "suivies": suivies,
        "suivie": suivie,
        "choisie": suivie.slug if suivie else TOUTES,
        "genre": genre,
        "genres": list(GenreAutorite.choices),
        "prevus": suivie is not None,
        "pluriel": taux.PLURIELS[genre],
        "france": taux.sum_tout(mailles),
        "tailles": _name_tranches(mailles),
        "ecarts": [(ecart, noms.get(ecart.departement, ecart.departement)) for ecart in tous[:30]],
        "nombre_ecarts": len(tous),
        "retraits": _name_retraits(taux.rank_departements(mailles), noms),
        **_list_absentes(request, suivie.slug if suivie else TOUTES, genre, noms),
        **(_describe_reussites(suivie, par_slug, mailles) if suivie else {"reussites": None}),
    }
    return render(request, "adoption/ecarts.html", contexte)


def _name_retraits(
    rangs: list[taux.Retrait], noms: dict[str, str]
) -> dict[str, list[tuple[taux.Retrait, str]]]:
    nommes = [(rang, noms.get(rang.departement, rang.departement)) for rang in rangs]
    return {
        "retrait": [ligne for ligne in nommes[:10] if ligne[0].manque > 0],
        "avance": [ligne for ligne in nommes[::-1][:10] if ligne[0].manque < 0],
    }


def _list_absentes(
    request: HttpRequest, solution: str, genre: str, noms: dict[str, str]
) -> dict[str, Any]:
    """Les collectivités nommées d’un écart choisi ; rien sans choix."""
    departement = request.GET.get("departement", "")
    tranche = read_entier(request.GET.get("tranche"))
    if departement not in noms or tranche not in Tranche.values:
        return {"absentes": None, "ici": ""}
    absentes = taux.list_absentes(
        solution=solution, genre=genre, departement=departement, tranche=tranche
    )
    ici = f"{noms[departement]}, {Tranche(tranche).label}"
    return {"absentes": absentes, "ici": ici, "absentes_max": taux.ABSENTES_MAX}


def _describe_reussites(
    suivie: Any, par_slug: dict[str, Any], mailles: list[taux.Maille]
) -> dict[str, Any]:
    nombres = {slug: s.brique.utilisent for slug, s in par_slug.items()}
    total = max(taux.sum_tout(mailles).nombre, suivie.brique.utilisent + 1)
    paires, conventions = read_listes(
        reussites.list_paires(suivie.slug), reussites.list_conventions_de(suivie.cle)
    )
    ensembles = reussites.list_ensembles(suivie.brique, paires, nombres, total)
    retours = list_rappels(suivie.cle, metiers=[RETOURS])
    return {
        "reussites": [(e, par_slug[e.autre]) for e in ensembles if e.autre in par_slug],
        "conventions": conventions,
        "retours": [f for g in retours for f in g.fiches if f.cle.startswith("retour:")],
    }


# Fichiers ouverts ---------------------------------------------------------------------------------
@page_publique
def taux_csv(request: HttpRequest, solution: str = TOUTES) -> HttpResponse:
    """Les taux par département, taille et genre, à ouvrir dans un tableur."""
    if solution and find_suivie(solution) is None:
        raise Http404
    noms = {departement.code: departement.nom for departement in list_departements()}
    contenu = b"".join(exports.iter_taux(taux.list_mailles(solution), noms))
    return _attach(HttpResponse(contenu), f"taux-{solution or 'adoption'}.csv")


@page_publique
def utilisatrices_csv(request: HttpRequest, solution: str) -> StreamingHttpResponse:
    """Les collectivités qui utilisent une solution, avec la source de chaque fait."""
    if find_suivie(solution) is None:
        raise Http404
    return _attach(
        StreamingHttpResponse(exports.iter_utilisatrices(solution)), f"utilisent-{solution}.csv"
    )


def _attach(reponse: Any, nom: str) -> Any:
    reponse.headers["Content-Type"] = "text/csv; charset=utf-8"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
