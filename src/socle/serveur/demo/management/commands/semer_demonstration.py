"""Sème la démonstration : deux collectivités, leurs agents, leurs services, leurs démarches.

Rejouable : ce qui existe déjà n’est ni refait ni changé.
"""

import uuid
from datetime import datetime
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from socle.fondations.collectivites.enums import GenreCollectivite
from socle.fondations.collectivites.models import Collectivite, Operateur, Service
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.collectivites.services import create_collectivite, set_reglage
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import (
    Adhesion,
    Compte,
    FournisseurIdentite,
    IdentiteFederee,
    MembreProgramme,
)
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.services.fournisseurs import create_fournisseur, ecriture
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.services import load_regles_par_defaut
from socle.fondations.referentiels.services import load_cog
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.services import create_demarche, publish_version
from socle.serveur.demo import cantine, composteur, stationnement
from socle.serveur.demo.personnes import AGENTS, COLLECTIVITES, PROGRAMME, SECRET
from socle.simulateurs.proconnect.agents import AGENTS_COMMUNE, AGENTS_EPCI, AGENTS_PROGRAMME, Agent
from socle.simulateurs.proconnect.fournisseur import ESPACE_SUB

ARCHIVAGE = {
    "contrat": "CONTRAT-DEMO",
    "service_archives": "FRAD092",
    "service_versant": "MAIRIE-DEMO",
    "producteur": "ECOLES-DEMO",
}
# Les démarches de chaque collectivité, et leur règle de conservation.
DEMARCHES = {"clamart": (cantine, stationnement), "vallee-sud": (composteur,)}
REGLES = {cantine: "SCO-PERISCOLAIRE", stationnement: "USA-DEMANDE", composteur: "USA-DEMANDE"}
AGENTS_SIMULES = {agent.code: agent for agent in (*AGENTS_COMMUNE, *AGENTS_EPCI, *AGENTS_PROGRAMME)}

FOURNISSEURS = (
    ("franceconnect", "franceconnect/api/v2"),
    ("proconnect", "proconnect/api/v2"),
)
ADRESSES = ("emetteur", "autorisation", "jeton", "userinfo", "jwks", "fin_session")


class Command(BaseCommand):
    help = "Sème la démonstration (bac à sable seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        load_cog()
        maintenant = timezone.now()
        for profil, chemin in FOURNISSEURS:
            ensure_fournisseur(profil, f"{settings.SIMULATEURS_URL}/{chemin}")
        operateur, _ = Operateur.objects.get_or_create(
            nom="Syndicat numérique de démonstration", defaults={"courriel": "opsn@exemple.fr"}
        )
        for fiche in COLLECTIVITES:
            collectivite = ensure_collectivite(fiche, operateur, maintenant)
            with locataire(collectivite.pk):
                seed_collectivite(collectivite, maintenant)
            self.stdout.write(f"{collectivite.nom} : prête")
        for code, roles in PROGRAMME.items():
            compte = ensure_compte(AGENTS_SIMULES[code])[0]
            for role in roles:
                MembreProgramme.objects.get_or_create(compte=compte, role=role)


def ensure_fournisseur(profil: str, base_url: str) -> None:
    """Règle un fournisseur d’identité simulé pour toute l’installation."""
    ligne = FournisseurIdentite.objects.filter(collectivite=None, code=profil).first()
    if ligne is not None:
        move_fournisseur(ligne, profils[profil].build_reglages(base_url))
        return
    create_fournisseur(
        profil=profils[profil],
        code=profil,
        base_url=base_url,
        client_id="socle-demo",
        secret=SECRET,
    )


def move_fournisseur(ligne: FournisseurIdentite, reglages: dict[str, Any]) -> None:
    """Suit l’adresse du bac à sable, qui change avec le port ; les identités reliées restent."""
    if ligne.emetteur == reglages["emetteur"]:
        return
    with ecriture(None):
        identites = IdentiteFederee.objects.filter(emetteur=ligne.emetteur)
        identites.update(emetteur=reglages["emetteur"])
        for champ in ADRESSES:
            setattr(ligne, champ, reglages.get(champ, ""))
        ligne.save(update_fields=[*ADRESSES, "modifie_le"])


def ensure_collectivite(
    fiche: dict[str, Any], operateur: Operateur, maintenant: datetime
) -> Collectivite:
    existante = Collectivite.objects.filter(siren=fiche["siren"]).first()
    if existante is not None:
        return existante
    champs = dict(fiche)
    return create_collectivite(
        nom=champs.pop("nom"),
        genre=GenreCollectivite(champs.pop("genre")),
        siren=champs.pop("siren"),
        aujourdhui=maintenant.date(),
        operateur=operateur,
        **champs,
    )


def seed_collectivite(collectivite: Collectivite, maintenant: datetime) -> None:
    """Ajoute services, règles, agents et démarches, s’ils manquent."""
    if not RegleDeConservation.objects.filter(collectivite=collectivite).exists():
        load_regles_par_defaut(collectivite)
    if get_reglage(collectivite, "archivage") is None:
        set_reglage(collectivite=collectivite, cle="archivage", valeur=ARCHIVAGE)
    agents = [
        ensure_agent(collectivite, AGENTS_SIMULES[code], roles)
        for code, roles in AGENTS[collectivite.slug].items()
    ]
    for modele in DEMARCHES[collectivite.slug]:
        if not Demarche.objects.filter(
            collectivite=collectivite, chemin=modele.FICHE["chemin"]
        ).exists():
            publish_demarche(modele, ensure_service(collectivite, modele), agents[0], maintenant)


def ensure_service(collectivite: Collectivite, modele: ModuleType) -> Service:
    service, _ = Service.objects.get_or_create(
        collectivite=collectivite,
        nom=modele.SERVICE,
        defaults={
            "courriel": f"{modele.BOITE}@{collectivite.slug}.exemple.fr",
            "telephone": collectivite.telephone,
            "adresse": collectivite.adresse,
            "horaires": "Du lundi au vendredi, 8 h 30 à 17 h 30",
        },
    )
    return service


def ensure_agent(collectivite: Collectivite, agent: Agent, roles: tuple[str, ...]) -> Compte:
    """Crée un agent de la collectivité, avec ses rôles."""
    compte, est_neuf = ensure_compte(agent)
    for role in roles if est_neuf else ():
        Adhesion.objects.create(collectivite=collectivite, compte=compte, role=role)
    return compte


def ensure_compte(agent: Agent) -> tuple[Compte, bool]:
    """Rend le compte relié à cette identité ProConnect simulée, et s’il vient d’être créé."""
    fournisseur = FournisseurIdentite.objects.get(collectivite=None, code="proconnect")
    sub = str(uuid.uuid5(ESPACE_SUB, f"{agent.fi} {agent.courriel} "))
    identite = IdentiteFederee.objects.filter(emetteur=fournisseur.emetteur, sub=sub).first()
    if identite is not None:
        return identite.compte, False
    compte = Compte.objects.create_compte(
        genre=GenreCompte.AGENT,
        courriel=agent.courriel,
        prenom=agent.prenom,
        nom=agent.nom.capitalize(),
        qualite=agent.fonction,
    )
    IdentiteFederee.objects.create(
        compte=compte,
        profil="proconnect",
        nom_fournisseur=fournisseur.nom,
        emetteur=fournisseur.emetteur,
        secteur=fournisseur.secteur,
        sub=sub,
    )
    return compte, True


def publish_demarche(
    modele: ModuleType, service: Service, agent: Compte, maintenant: datetime
) -> None:
    demarche = create_demarche(
        collectivite=service.collectivite,
        agent=agent,
        maintenant=maintenant,
        definition=modele.FORMULAIRE,
        service=service,
        regle=RegleDeConservation.objects.get(
            collectivite=service.collectivite, code=REGLES[modele]
        ),
        **modele.FICHE,
    )
    publish_version(demarche=demarche, agent=agent, maintenant=maintenant)
