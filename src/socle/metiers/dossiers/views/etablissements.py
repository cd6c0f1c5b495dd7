"""Nom et adresse d’un SIRET, demandés à l’annuaire hors de toute transaction."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.formulaires.moteur import Action, Saisie
from socle.fondations.formulaires.ports import etablissements
from socle.metiers.dossiers.views.saisie import Etape

SILENCE = "L’annuaire des entreprises ne répond pas : votre numéro est gardé, sans le nom."


def complete_sirets(request: HttpRequest, page: Etape, saisie: Saisie) -> None:
    """Ajoute aux SIRET de la page ce que l’annuaire en dit ; une panne n’arrête pas la personne.

    Un numéro inconnu ou fermé retient sur la page une fois, le temps de le relire.
    """
    annuaire = etablissements.get(settings.ANNUAIRE_ETABLISSEMENTS)
    if annuaire is None:
        return
    for champ, siret in page.formulaire.list_sirets(page.page_id, saisie.valeurs).items():
        try:
            trouve = annuaire.find_etablissement(siret)
        except ErreurConnecteur:
            messages.warning(request, SILENCE)
            return
        saisie.valeurs = page.formulaire.attach_etablissement(champ, siret, trouve, saisie.valeurs)
        if (trouve is None or not trouve.actif) and saisie.action.nom == "continuer":
            saisie.action = Action(nom="chercher", champ=champ)
