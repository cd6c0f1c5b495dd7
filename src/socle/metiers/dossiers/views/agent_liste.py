"""Liste des dossiers d’un agent : files, filtres, recherche, pages par clé."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.commun.presentation import Compteur, Touche
from socle.fondations.comptes.permissions import read_portee, role_requis
from socle.metiers.dossiers.forms import FILES, FiltreDossiers
from socle.metiers.dossiers.permissions import (
    INSTRUCTEURS,
    LECTEURS,
    list_gestes_en_lot,
    read_lisibles,
)
from socle.metiers.dossiers.queries.liste import (
    Choix,
    Tete,
    list_choix,
    list_dossiers,
    read_tete,
)
from socle.metiers.dossiers.views.criteres import (
    FILTRES,
    Criteres,
    build_jetons,
    build_url_vide,
    compute_bientot,
    describe_tri,
    read_criteres,
)
from socle.metiers.dossiers.views.lignes import pick_colonnes, render_lignes

TAILLE = 25
TAILLES = ("25", "50", "100")
GABARIT = "dossiers/agent/liste.html"
SECONDAIRES = ("service", "canal", "du", "au", "tri")
RACCOURCIS = [
    Touche(touches=("J", "K"), effet="descendre, monter"),
    Touche(touches=("Entrée",), effet="ouvrir"),
    Touche(touches=("X",), effet="choisir"),
    Touche(touches=("O",), effet="ouvrir le plus pressé"),
    Touche(touches=("/",), effet="chercher"),
    Touche(touches=("?",), effet="toutes les touches"),
]


@role_requis(*LECTEURS, par_service=True)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """L’espace des agents s’ouvre sur les dossiers."""
    return redirect("dossiers:liste")


@role_requis(*LECTEURS, par_service=True)
@require_safe
@vary_on_headers("HX-Request")
def liste(request: HttpRequest) -> HttpResponse:
    """Dossiers déposés que l’agent peut lire ; sans filtre, ceux qui attendent un agent."""
    aujourdhui = timezone.now().astimezone(PARIS).date()
    portee = read_lisibles(request.user, request.collectivite)
    choix = list_choix(request.collectivite, portee)
    criteres = read_criteres(request.GET, choix, request.user.pk, aujourdhui)
    tete = read_tete(
        request.collectivite,
        portee,
        agent_id=request.user.pk,
        bientot=compute_bientot(aujourdhui),
        demarche_id=criteres.filtre.demarche_id,
        demande=criteres.demande,
        exact=criteres.filtre.exact,
    )
    page = paginate_keyset(
        list_dossiers(request.collectivite, portee, criteres.accord(tete.accord)),
        cles=criteres.cles,
        apres=request.GET.get("apres", ""),
        avant=request.GET.get("avant", ""),
        taille=read_taille(request),
        croissant=criteres.croissant,
    )
    demarche = next((c for c in choix if c.pk == criteres.filtre.demarche_id), None)
    colonnes = pick_colonnes(tete.colonnes, demarche)
    gestes, tout = list_gestes_en_lot(request.user, request.collectivite), "tout" in request.GET
    contexte = build_resultats(criteres, tete, page, choix) | {
        "gestes_lot": gestes,
        "peut_saisir": bool(read_portee(request.user, request.collectivite, *INSTRUCTEURS)),
        "tout": tout,
        "url_tout": build_url_tout(request),
        "colonnes": colonnes,
        "lignes": render_lignes(
            page.lignes,
            colonnes,
            choix,
            racine=reverse("dossiers:dossier", args=[0]).replace("/0/", "/{}/"),
            suite=criteres.link(),
            aujourdhui=aujourdhui,
            cases=bool(gestes),
            coche=tout,
        ),
    }
    if request.htmx:
        return render(request, f"{GABARIT}#resultats", contexte)
    contexte |= build_tete(request, criteres, tete, page) | build_filtres(criteres, choix)
    return render(request, GABARIT, contexte)


def read_taille(request: HttpRequest) -> int:
    taille = request.GET.get("taille", "")
    return int(taille) if taille in TAILLES else TAILLE


def build_resultats(
    criteres: Criteres, tete: Tete, page: PageDeListe, choix: list[Choix]
) -> dict[str, Any]:
    """Rend ce qui entoure le tableau : filtres posés, recherche corrigée, pages."""
    return {
        "file": FILES[criteres.file],
        "legende": f"{FILES[criteres.file]}, {describe_tri(criteres.tri)}",
        "tri": criteres.tri,
        "nombre": len(page.lignes),
        "jetons": build_jetons(criteres, choix),
        "url_vide": build_url_vide(criteres),
        "url_tous": criteres.link(file="tous") if criteres.file != "tous" else "",
        "recherche": describe_recherche(criteres, tete),
        "suivante": criteres.link(apres=page.suivante) if page.suivante else "",
        "precedente": criteres.link(avant=page.precedente) if page.precedente else "",
        "debut": "" if page.est_premiere else criteres.link(),
        "parametres": criteres.parametres.urlencode(),
    }


def build_url_tout(request: HttpRequest) -> str:
    """Rend l’adresse de cette même page, cases cochées ; décochées si elles le sont déjà."""
    parametres = request.GET.copy()
    if not parametres.pop("tout", None):
        parametres["tout"] = "1"
    return f"?{parametres.urlencode()}"


@dataclass(frozen=True, slots=True)
class Recherche:
    """Ce que la page dit d’une recherche.

    Attributes:
        inconnus: mots qu’aucun dossier ne porte, tels qu’écrits.
        trouves: mots cherchés à leur place ; vide si rien ne leur ressemble.
        numero: la recherche a mené droit à ce numéro de dossier.
        url_exacte: adresse de la recherche mot pour mot.
        seuls: chaque mot, et l’adresse qui le cherche seul.
    """

    inconnus: list[str] = field(default_factory=list)
    trouves: list[str] = field(default_factory=list)
    numero: int | None = None
    url_exacte: str = ""
    seuls: list[dict[str, str]] = field(default_factory=list)


def describe_recherche(criteres: Criteres, tete: Tete) -> Recherche:
    """Dit ce qui a été cherché à la place de ce qui est écrit, et comment chercher autrement."""
    demande, accord = criteres.demande, tete.accord
    corrections = accord.corrections
    inconnus = corrections or accord.proches
    seuls = [demande.ecrits[mot] for mot in demande.mots if mot in demande.ecrits]
    return Recherche(
        inconnus=[demande.ecrits[mot] for mot in inconnus],
        trouves=[
            match_casse(demande.ecrits[mot], proche)
            for mot, proches in corrections.items()
            for proche in proches
        ],
        numero=demande.numero if accord.numero and not criteres.filtre.exact else None,
        url_exacte=criteres.link(exact="1"),
        seuls=[
            {"texte": mot, "url": criteres.link(q=mot, exact="")}
            for mot in (seuls if len(seuls) > 1 and not corrections else [])
        ],
    )


def match_casse(ecrit: str, mot: str) -> str:
    """Rend le mot du vocabulaire avec la majuscule de ce qui a été écrit."""
    return mot.capitalize() if ecrit[:1].isupper() else mot


def build_tete(
    request: HttpRequest, criteres: Criteres, tete: Tete, page: PageDeListe
) -> dict[str, Any]:
    """Rend l’en-tête de la page : files et leur nombre, dossier le plus pressé, raccourcis."""
    demarche_id = criteres.filtre.demarche_id
    seule = criteres.file == "a_traiter" and criteres.tri == "echeance" and not criteres.actifs
    premiere = page.lignes[0] if seule and page.est_premiere and page.lignes else None
    pressee = premiere if premiere and premiere["echeance"] else None
    return {
        "compteurs": [
            Compteur(
                nombre=nombre,
                libelle=FILES[code],
                url=build_url_file(code, demarche_id),
                courant=code == criteres.file,
                urgent=code == "bientot",
            )
            for code, nombre in tete.nombres.items()
        ],
        "attend": tete.nombres["a_traiter"],
        "pressee": pressee,
        "raccourcis": RACCOURCIS,
    }


def build_url_file(code: str, demarche_id: int | None) -> str:
    """Rend l’adresse d’une file ; la démarche choisie reste choisie."""
    return f"?file={code}" + (f"&demarche={demarche_id}" if demarche_id else "")


def build_filtres(criteres: Criteres, choix: list[Choix]) -> dict[str, Any]:
    """Rend les champs du filtre ; tous sauf la recherche viennent d’un cache."""
    valeurs = criteres.formulaire.data
    bruts = tuple((nom, valeurs.get(nom, "")[:40]) for nom in (*FILTRES[1:], "file", "tri"))
    return {
        "recherche_champ": criteres.formulaire["q"],
        "filtre_actif": bool(criteres.actifs),
        "filtres": render_filtres(bruts, tuple(c._replace(colonnes=()) for c in choix)),
    }


@lru_cache(maxsize=256)
def render_filtres(
    bruts: tuple[tuple[str, str], ...], choix: tuple[Choix, ...]
) -> dict[str, SafeString | bool]:
    """Dessine les champs, erreurs comprises, d’après leurs valeurs et les choix seuls."""
    donnees = QueryDict(mutable=True)
    for nom, valeur in bruts:
        donnees[nom] = valeur
    formulaire = FiltreDossiers(donnees, demarches=choix)

    def draw(*noms: str) -> SafeString:
        champs = [formulaire[nom] for nom in noms]
        return render_to_string("dossiers/agent/_filtres.html", {"champs": champs})

    return {
        "premiers": draw("demarche", "file"),
        "autres": draw(*SECONDAIRES),
        "ouverts": any(valeur for nom, valeur in bruts if nom in SECONDAIRES),
    }
