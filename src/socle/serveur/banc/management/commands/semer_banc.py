"""Sème le banc : une commune, sa démarche, un agent et sa session, des dossiers déposés.

Rejouable. La dernière ligne écrite est l’objet JSON que lit le banc.
"""

import json
import secrets
from argparse import ArgumentParser
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from socle.fondations.collectivites.enums import GenreCollectivite
from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.collectivites.services import create_collectivite
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.adapters import session as cles
from socle.fondations.comptes.enums import GenreCompte, Role
from socle.fondations.comptes.models import Adhesion, Compte
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.services import load_regles_par_defaut
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.demarches.services import create_demarche, publish_version
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services.depot import build_reference, index_dossier
from socle.serveur.banc.formulaire import CHEMIN, FICHE, FORMULAIRE, SLUG, build_reponses

LOT = 500
ETATS = (
    EtatDossier.EN_CONSTRUCTION,
    EtatDossier.EN_INSTRUCTION,
    EtatDossier.ACCEPTE,
    EtatDossier.EN_CONSTRUCTION,
)


class Command(BaseCommand):
    help = "Sème le banc de mesure (bac à sable seulement)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dossiers", type=int, default=10_400)

    def handle(self, *args: Any, **options: Any) -> None:
        maintenant = timezone.now()
        collectivite = ensure_collectivite(maintenant)
        with locataire(collectivite.pk):
            agent = ensure_agent(collectivite)
            demarche = ensure_demarche(collectivite, agent, maintenant)
        seed_dossiers(demarche, options["dossiers"], maintenant)
        self.stdout.write(json.dumps({"session": open_session(agent, maintenant)}))


def ensure_collectivite(maintenant: datetime) -> Collectivite:
    existante = Collectivite.objects.filter(slug=SLUG).first()
    return existante or create_collectivite(
        nom="Commune du banc",
        genre=GenreCollectivite.COMMUNE,
        siren="219200235",
        aujourdhui=maintenant.date(),
        slug=SLUG,
        courriel="mairie@exemple.fr",
        telephone="01 00 00 00 00",
        adresse="1 place de la Mairie, 99999 Le Banc",
    )


def ensure_agent(collectivite: Collectivite) -> Compte:
    adhesion = Adhesion.objects.filter(collectivite=collectivite).select_related("compte").first()
    if adhesion is not None:
        return adhesion.compte
    compte = Compte.objects.create_compte(
        genre=GenreCompte.AGENT, courriel="agent@exemple.fr", prenom="Ada", nom="Fournel"
    )
    Adhesion.objects.create(collectivite=collectivite, compte=compte, role=Role.INSTRUCTEUR)
    return compte


def ensure_demarche(collectivite: Collectivite, agent: Compte, maintenant: datetime) -> Demarche:
    existante = Demarche.objects.filter(collectivite=collectivite, chemin=CHEMIN).first()
    if existante is not None:
        return existante
    if not RegleDeConservation.objects.filter(collectivite=collectivite).exists():
        load_regles_par_defaut(collectivite)
    demarche = create_demarche(
        collectivite=collectivite,
        agent=agent,
        maintenant=maintenant,
        definition=FORMULAIRE,
        service=Service.objects.filter(collectivite=collectivite).order_by("pk").first(),
        regle=RegleDeConservation.objects.filter(collectivite=collectivite).order_by("pk").first(),
        **FICHE,
    )
    publish_version(demarche=demarche, agent=agent, maintenant=maintenant)
    demarche.refresh_from_db()
    return demarche


def seed_dossiers(demarche: Demarche, nombre: int, maintenant: datetime) -> None:
    """Ajoute ce qui manque de dossiers déposés, projection et recherche comprises."""
    with locataire(demarche.collectivite_id):
        presents = Dossier.objects.exclude(etat=EtatDossier.BROUILLON).count()
    for debut in range(presents, nombre, LOT):
        with locataire(demarche.collectivite_id):
            rangs = range(debut, min(debut + LOT, nombre))
            numeros = take_numeros(len(rangs))
            Dossier.objects.bulk_create(
                build_dossier(demarche, rang, numero, maintenant)
                for rang, numero in zip(rangs, numeros, strict=True)
            )


def take_numeros(nombre: int) -> list[int]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval('dossiers_numero') FROM generate_series(1, %s)", [nombre])
        return [numero for (numero,) in curseur.fetchall()]


def build_dossier(demarche: Demarche, rang: int, numero: int, maintenant: datetime) -> Dossier:
    """Prépare un dossier déposé il y a `rang` minutes, comme `file_dossier` l’aurait écrit."""
    version = get_version_publiee_en_memoire(demarche)
    reponses = build_reponses(rang)
    etat = ETATS[rang % len(ETATS)]
    depose_le = maintenant - timedelta(minutes=rang + 1)
    dossier = Dossier(
        collectivite=demarche.collectivite,
        numero=numero,
        demarche=demarche,
        version_id=version,
        etat=etat,
        depose_le=depose_le,
        decide_le=maintenant if etat == EtatDossier.ACCEPTE else None,
        echeance=(depose_le + timedelta(days=60)).date(),
        reponses=reponses,
        jeton=secrets.token_hex(32),
        sel=secrets.token_bytes(32),
    )
    dossier.reference = build_reference(dossier, depose_le)
    index_dossier(dossier, get_formulaire(version), reponses, depose_le)
    return dossier


def get_version_publiee_en_memoire(demarche: Demarche) -> int:
    if "_version_du_banc" not in demarche.__dict__:
        version = get_version_publiee(demarche)
        demarche.__dict__["_version_du_banc"] = version.pk if version else 0
    return int(demarche.__dict__["_version_du_banc"])


def open_session(agent: Compte, maintenant: datetime) -> str:
    """Ouvre la session d’un agent qui a passé son second facteur ; rend sa clé."""
    memoire = import_module(settings.SESSION_ENGINE).SessionStore()
    memoire[SESSION_KEY] = str(agent.pk)
    memoire[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    memoire[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    memoire[cles.MFA] = True
    memoire[cles.OUVERTE_LE] = memoire[cles.VUE_LE] = maintenant.timestamp()
    memoire.create()
    return str(memoire.session_key)
