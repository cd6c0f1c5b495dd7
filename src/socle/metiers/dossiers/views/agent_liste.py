"""Liste des dossiers d’un agent : files, filtres, recherche, pages par clé."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.commun.pagination import paginate_keyset
from socle.fondations.commun.presentation import Compteur, Touche
from socle.fondations.commun.textes import INSECABLE, MOIS_COURTS
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import list_demarches
from socle.metiers.dossiers.enums import OUVERTS, TERMINES
from socle.metiers.dossiers.forms import FILES, FiltreDossiers
from socle.metiers.dossiers.permissions import LECTEURS
from socle.metiers.dossiers.queries.liste import (
    Filtre,
    count_files,
    list_dossiers,
)
from socle.metiers.dossiers.views.presentation import (
    JOURS_URGENTS,
    PARIS,
    describe_action,
    is_urgente,
    render_pastille,
)

TAILLE = 25
TAILLES = (25, 50, 100)
ORDRES = {True: "du plus pressé au moins pressé", False: "du plus récent au plus ancien"}
RACCOURCIS = [
    Touche(touches=("J", "K"), effet="descendre, monter"),
    Touche(touches=("Entrée",), effet="ouvrir"),
    Touche(touches=("O",), effet="ouvrir le plus pressé"),
    Touche(touches=("/",), effet="chercher"),
    Touche(touches=("?",), effet="toutes les touches"),
]


@role_requis(*LECTEURS)
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """L’espace des agents s’ouvre sur les dossiers."""
    return redirect("dossiers:liste")


@role_requis(*LECTEURS)
@require_safe
@vary_on_headers("HX-Request")
def liste(request: HttpRequest) -> HttpResponse:
    """Dossiers déposés de la collectivité ; sans filtre, ceux qui attendent un agent."""
    demarches = list(list_demarches(request.collectivite))
    formulaire = FiltreDossiers(request.GET, demarches=demarches)
    criteres = formulaire.cleaned_data if formulaire.is_valid() else {}
    aujourdhui = timezone.now().astimezone(PARIS).date()
    file = criteres.get("file") or ("tous" if criteres.get("q") else "a_traiter")
    filtre = build_filtre(file, criteres, request.user.pk, aujourdhui)
    par_echeance = file not in ("termines", "tous")
    page = paginate_keyset(
        list_dossiers(request.collectivite, filtre),
        cles=("pression", "numero") if par_echeance else ("depose_le", "numero"),
        apres=request.GET.get("apres", ""),
        taille=read_taille(request),
        croissant=par_echeance,
    )
    lignes = present_lignes(page.lignes, aujourdhui)
    contexte = {
        "formulaire": formulaire,
        "file": FILES[file],
        "legende": f"{FILES[file]}, {ORDRES[par_echeance]}",
        "par_echeance": par_echeance,
        "lignes": lignes,
        "colonnes": read_colonnes(demarches, criteres.get("demarche")),
        "suivante": build_suite(request, page.suivante),
        "debut": "" if page.est_premiere else build_suite(request, ""),
    }
    if not request.htmx:
        contexte |= build_tete(request, criteres, file, lignes, aujourdhui)
    gabarit = "dossiers/agent/liste.html"
    return render(request, f"{gabarit}#resultats" if request.htmx else gabarit, contexte)


def build_filtre(file: str, criteres: dict[str, Any], agent_id: int, aujourdhui: date) -> Filtre:
    """Traduit une file (« à traiter », « chez l’usager »…) en critères."""
    communs = {"demarche_id": criteres.get("demarche"), "texte": criteres.get("q", "")}
    files: dict[str, dict[str, Any]] = {
        "a_traiter": {"etats": OUVERTS, "attend_agent": True},
        "bientot": {
            "etats": OUVERTS,
            "echeance_avant": aujourdhui + timedelta(days=JOURS_URGENTS + 1),
        },
        "chez_usager": {"etats": OUVERTS, "attend_usager": True},
        "suivis": {"etats": OUVERTS, "suivi_par_id": agent_id},
        "termines": {"etats": TERMINES},
        "tous": {},
    }
    return Filtre(**communs, **files[file])


def read_taille(request: HttpRequest) -> int:
    taille = request.GET.get("taille", "")
    return int(taille) if taille in map(str, TAILLES) else TAILLE


def read_colonnes(demarches: list[Demarche], demarche_id: int | None) -> list[dict[str, str]]:
    """Rend les colonnes choisies par l’administrateur, quand une seule démarche est montrée."""
    return next((d.colonnes for d in demarches if d.pk == demarche_id), [])


def present_lignes(lignes: list[dict[str, Any]], aujourdhui: date) -> list[dict[str, Any]]:
    """Prépare ici les textes des lignes : en filtres de gabarit, cent lignes coûtent le double."""
    racine, _, fin = reverse("dossiers:dossier", args=[0]).rpartition("0")
    return [present_ligne(ligne, aujourdhui, racine, fin) for ligne in lignes]


def present_ligne(ligne: dict[str, Any], aujourdhui: date, racine: str, fin: str) -> dict[str, Any]:
    depose = ligne["depose_le"].astimezone(PARIS)
    echeance = ligne["echeance"]
    jour = format_jour_et_mois(echeance) if echeance else "Aucune"
    suivi = f"{ligne['suivi_par__prenom'] or ''} {ligne['suivi_par__nom'] or ''}".strip()
    return ligne | {
        "adresse": f"{racine}{ligne['numero']}{fin}",
        "titre": ligne["demandeur"] or "Sans nom",
        "numero_affiche": str(ligne["numero"]),
        "pastille": render_pastille(ligne["etat"], ligne["attend_correction"]),
        "depose_iso": depose.isoformat(timespec="seconds"),
        "depose": f"{format_jour_et_mois(depose)}, {depose.hour}{INSECABLE}h{INSECABLE}{depose:%M}",
        "jour_limite": "En pause" if ligne["attend_correction"] else jour,
        "action": describe_action(ligne) or "Rien",
        "urgente": ligne["etat"] in OUVERTS and is_urgente(echeance, aujourdhui),
        "suivi": suivi or "Personne",
    }


def format_jour_et_mois(quand: date) -> str:
    return f"{quand.day}{INSECABLE}{MOIS_COURTS[quand.month - 1]}"


def build_suite(request: HttpRequest, jeton: str) -> str:
    """Rend l’adresse de la page suivante ; sans jeton, celle du début (vide si c’est la même)."""
    parametres = request.GET.copy()
    avance = parametres.pop("apres", [])
    if jeton:
        parametres["apres"] = jeton
    return f"?{parametres.urlencode()}" if jeton or avance else ""


def build_tete(
    request: HttpRequest,
    criteres: dict[str, Any],
    file: str,
    lignes: list[dict[str, Any]],
    aujourdhui: date,
) -> dict[str, Any]:
    """Rend l’en-tête de la page : files et leur nombre, dossier le plus pressé, raccourcis."""
    demarche_id = criteres.get("demarche")
    bientot = aujourdhui + timedelta(days=JOURS_URGENTS + 1)
    nombres = count_files(request.collectivite, demarche_id, request.user.pk, bientot)
    au_debut = file == "a_traiter" and "apres" not in request.GET
    pressee = lignes[0] if au_debut and lignes and lignes[0]["echeance"] else None
    return {
        "compteurs": [
            Compteur(
                nombre=nombre,
                libelle=FILES[code],
                url=build_url_file(code, demarche_id),
                courant=code == file,
                urgent=code == "bientot",
            )
            for code, nombre in nombres.items()
        ],
        "attend": nombres["a_traiter"],
        "pressee": pressee,
        "filtre_actif": bool(criteres.get("q") or demarche_id),
        "raccourcis": RACCOURCIS,
    }


def build_url_file(code: str, demarche_id: int | None) -> str:
    """Rend l’adresse d’une file ; la démarche choisie reste choisie."""
    return f"?file={code}" + (f"&demarche={demarche_id}" if demarche_id else "")
