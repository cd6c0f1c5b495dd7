"""Dites-le-nous une fois : interroger l’État au nom de la personne, par FranceConnect.

Le jeton d’accès vit soixante secondes : l’appel part dans la requête qui le reçoit, hors de toute
transaction, et le jeton n’est jamais gardé.
"""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_branchement
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.ports import Connexion
from socle.fondations.comptes.queries import find_code_fournisseur
from socle.fondations.formulaires.definition import Source
from socle.fondations.formulaires.ports import (
    ContexteAppel,
    ReponseSource,
    SourceDonnees,
    Trace,
    sources,
)
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, can_edit
from socle.metiers.dossiers.queries.dossier import find_dossier, get_formulaire
from socle.metiers.dossiers.services.correction import save_correction
from socle.metiers.dossiers.services.depot import save_reponses
from socle.metiers.dossiers.services.echanges import record_appel
from socle.metiers.dossiers.services.identite import PROFILS
from socle.metiers.dossiers.views.saisie import read_reponses

BUT = "sources"
CLE_SESSION = "dossiers_source"
Resultat = tuple[ReponseSource | None, Trace, str]


def request_source(request: HttpRequest, dossier: Dossier, rang: int, bloc_id: str) -> HttpResponse:
    """Retourne chez FranceConnect demander les portées de la source, puis revient à la page."""
    bloc = find_bloc(dossier, bloc_id)
    source = sources.get(bloc.code) if bloc else None
    if bloc is None or source is None:
        return redirect("dossiers:etape", dossier.numero, rang)
    suite = f"{reverse('dossiers:etape', args=[dossier.numero, rang])}#champ-{bloc.id}"
    request.session[CLE_SESSION] = {"numero": dossier.numero, "bloc": bloc.id}
    parametres = urlencode({"but": BUT, "scopes": " ".join(source.scopes), "suite": suite})
    code = find_code_franceconnect(request)
    return redirect(f"{reverse('comptes:depart', args=[code])}?{parametres}")


def find_code_franceconnect(request: HttpRequest) -> str:
    """Rend le code du fournisseur FranceConnect qui a ouvert ce compte."""
    identites = request.user.identites.filter(profil__in=PROFILS)
    identite = identites.order_by("-derniere_connexion", "pk").first()
    if identite is None:
        return "franceconnect"
    return find_code_fournisseur(request.collectivite, identite) or identite.profil


def find_bloc(dossier: Dossier, bloc_id: str) -> Source | None:
    blocs = get_formulaire(dossier.version_id).list_sources()
    return next((bloc for bloc in blocs if bloc.id == bloc_id), None)


def receive_sources(request: HttpRequest, connexion: Connexion) -> HttpResponseBase | None:
    """Suite d’une connexion faite pour une source : appelle l’État, puis enregistre.

    Appelée hors transaction. Un échec laisse la personne saisir elle-même.
    """
    demande = request.session.pop(CLE_SESSION, None)
    if not demande:
        return None
    collectivite = request.collectivite
    compte = Compte.objects.get(pk=connexion.compte_id)
    with locataire(collectivite.pk, personne_id=compte.pk):
        dossier = find_dossier(collectivite, demande["numero"])
        if dossier is None or not can_edit(Acces(compte=compte), dossier):
            return None
        dossier.collectivite = collectivite
        bloc = find_bloc(dossier, demande["bloc"])
        if bloc is None:
            return None
        parametres = get_branchement(collectivite, "source_donnees", bloc.code) or {}
    source = sources[bloc.code]
    contexte = ContexteAppel(
        identite={**connexion.traits.pivot, "sub": connexion.sub},
        jeton_franceconnect=connexion.jeton_acces,
        siret_destinataire=collectivite.siret,
        reference=dossier.reference or f"brouillon-{dossier.numero}",
        parametres=parametres,
        maintenant=connexion.maintenant,
    )
    resultat = call_source(source, contexte)
    with locataire(collectivite.pk, personne_id=compte.pk):
        # À part : l’appel a eu lieu, quoi que devienne sa réponse.
        record_appel(
            dossier=dossier,
            source=source,
            trace=resultat[1],
            acces=Acces(compte=compte),
            maintenant=connexion.maintenant,
        )
    with locataire(collectivite.pk, personne_id=compte.pk):
        store_resultat(collectivite, dossier.numero, bloc, resultat, connexion.maintenant)
    if resultat[0] is None:
        messages.warning(request, f"{resultat[2]} Vous pouvez réessayer, ou saisir vous-même.")
    return None


def call_source(source: SourceDonnees, contexte: ContexteAppel) -> Resultat:
    """Appelle la source ; rend sa réponse ou None, la trace de l’appel, et le message d’échec."""
    try:
        reponse = source.fetch(contexte)
    except ErreurConnecteur as echec:
        trace = getattr(echec, "trace", None)
        vide = Trace(endpoint=source.code, statut_http=0, identifiant_requete="")
        return None, trace or vide, str(echec)
    return reponse, reponse.trace, ""


def store_resultat(
    collectivite: Collectivite, numero: int, bloc: Source, resultat: Resultat, maintenant: datetime
) -> None:
    """Reporte la réponse (ou l’échec) dans le brouillon relu : un onglet a pu enregistrer."""
    reponse, _trace, message = resultat
    dossier = find_dossier(collectivite, numero, verrou=True)
    if dossier is None or not dossier.is_modifiable_par_usager:
        return
    formulaire = get_formulaire(dossier.version_id)
    avant = read_reponses(dossier)
    if reponse is None:
        apres = formulaire.fail_source(bloc.id, message, avant, maintenant=maintenant)
    else:
        reception = formulaire.apply_source(bloc.id, reponse, avant, maintenant=maintenant)
        apres = reception.reponses
    enregistre = save_reponses if dossier.is_brouillon else save_correction
    enregistre(dossier=dossier, reponses=apres, revision=dossier.revision)
