"""Sème le banc du programme : son contenu de départ, et beaucoup d’adoption et d’échéances.

Rejouable. La dernière ligne écrite est l’objet JSON que lit le banc : de quoi remplir ses adresses.
"""

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from socle.fondations.commun.semences import semences
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte, MembreProgramme
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.services import load_cog
from socle.metiers.adoption.models import Convention
from socle.metiers.adoption.services.agregats import rebuild_tout
from socle.metiers.adoption.services.volume import load_volume
from socle.metiers.catalogue.models import (
    Api,
    CandidatureLabel,
    CasUsage,
    Clause,
    Editeur,
    ReferentielLabel,
    Solution,
)
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.services.evaluation_semence import MEMBRES
from socle.metiers.diffusion.models import Article, Evenement, Lettre
from socle.metiers.espaces.models import GroupeDeTravail, Livrable, RetourDExperience
from socle.metiers.gouvernance.models import (
    Decision,
    Evaluation,
    FeuilleDeRoute,
    Instance,
    RapportMensuel,
    Reunion,
)
from socle.metiers.pilotage.models import Action, Axe, Indicateur, Programme, Recommandation
from socle.serveur.banc.management.commands.semer_banc import open_session
from socle.serveur.banc.volume import create_echeances, create_lettre, create_solutions
from socle.serveur.demo.personnes import PROGRAMME
from socle.simulateurs.proconnect.agents import AGENTS_PROGRAMME, Agent

# Mot des adresses → ce qu’il nomme : la table, la colonne, et le premier tri qui rend un objet lu.
OBJETS: dict[str, tuple[type[Model], str, dict[str, Any]]] = {
    "epci": (Autorite, "cle", {"genre": "epci"}),
    "programme": (Programme, "code", {"retire": False}),
    "axe": (Axe, "code", {"retire": False}),
    "action": (Action, "code", {"retire": False}),
    "recommandation": (Recommandation, "code", {"retire": False}),
    "indicateur": (Indicateur, "code", {"retire": False}),
    "instance": (Instance, "slug", {}),
    "reunion": (Reunion, "pk", {"etat__in": ["convoquee", "tenue"]}),
    "decision": (Decision, "numero", {"etat": "prise"}),
    "feuille": (FeuilleDeRoute, "semestre", {"etat": "validee"}),
    "rapport": (RapportMensuel, "mois", {}),
    "evaluation": (Evaluation, "pk", {"publiee_le__isnull": False}),
    "livrable": (Livrable, "slug", {"etat": "publie"}),
    "retour": (RetourDExperience, "slug", {"etat": "publie"}),
    "groupe": (GroupeDeTravail, "slug", {}),
    "article": (Article, "slug", {"etat": "publie"}),
    "evenement": (Evenement, "slug", {"etat": "publie"}),
    "campagne": (Campagne, "slug", {"fictif": True}),
    "convention": (Convention, "slug", {"etat": "ouverte"}),
    "editeur": (Editeur, "slug", {}),
    "api": (Api, "slug", {}),
    "cas": (CasUsage, "slug", {}),
    "clause": (Clause, "slug", {}),
    "candidature": (CandidatureLabel, "pk", {}),
    "parue": (Lettre, "numero", {"etat": "envoyee"}),
    "a_venir": (Evenement, "slug", {"etat": "publie", "debut__gt": Now(), "places": None}),
    "ouverte": (Campagne, "slug", {"etat": "publiee", "ouvre_le__lt": Now()}),
    "depouillee": (Campagne, "slug", {"etat": "depouillee", "instruction__isnull": True}),
    "jugee": (Campagne, "slug", {"instruction__publiee_le__isnull": False}),
}


class Command(BaseCommand):
    help = "Sème le banc du programme (bac à sable seulement)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--faits", type=int, default=1_000_000)

    def handle(self, *args: Any, **options: Any) -> None:
        maintenant = timezone.now()
        load_cog(None)
        equipe = ensure_membres()
        for code in semences:
            with transaction.atomic():
                semences[code](maintenant)
        if not Solution.objects.filter(slug="banc-01").exists():
            fill(options["faits"], maintenant)
        donnees = find_objets() | {
            "lettre": str(create_lettre()),
            "session": open_session(equipe, maintenant),
        }
        self.stdout.write(json.dumps(donnees))


@transaction.atomic
def fill(faits: int, maintenant: datetime) -> None:
    """Ajoute les solutions, les échéances et les faits, puis refait les comptes."""
    create_solutions()
    create_echeances()
    load_volume(faits)
    rebuild_tout(maintenant=maintenant)
    create_candidature(maintenant)


def create_candidature(maintenant: datetime) -> CandidatureLabel:
    """Une candidature refusée au label : sa page est publique."""
    return CandidatureLabel.objects.create(
        solution=Solution.objects.get(slug="banc-01"), etat="refusee", declaree_le=maintenant,
        referentiel=ReferentielLabel.objects.get(version=1),
    )  # fmt: skip


def find_objets() -> dict[str, str]:
    """Rend, pour chaque mot des adresses, ce qui nomme un objet public."""
    trouves = {mot: find_premier(*objet) for mot, objet in OBJETS.items()}
    return {
        mot: f"{valeur:%Y-%m}" if isinstance(valeur, date) else str(valeur)
        for mot, valeur in trouves.items()
        if valeur is not None
    }


def find_premier(modele: type[Model], colonne: str, filtre: dict[str, Any]) -> object:
    lignes: QuerySet[Any] = QuerySet(modele).filter(**filtre)
    return lignes.order_by("-pk").values_list(colonne, flat=True).first()


def ensure_membres() -> Compte:
    """Les personnes fictives du programme ; rend celle de l’équipe, qui envoie la lettre."""
    comptes = {agent.code: ensure_compte(agent) for agent in AGENTS_PROGRAMME}
    for code, roles in PROGRAMME.items():
        for role in roles:
            MembreProgramme.objects.get_or_create(compte=comptes[code], role=role)
    ensure_jury()
    return comptes["equipe"]


def ensure_jury() -> None:
    """Ceux du jury de la démonstration : sans eux, aucun résultat n’est semé."""
    for courriel, *_ in MEMBRES:
        if not Compte.objects.filter(courriel=courriel).exists():
            Compte.objects.create_compte(
                genre=GenreCompte.AGENT, courriel=courriel, prenom="Jury", nom="Fictif"
            )


def ensure_compte(agent: Agent) -> Compte:
    existant = Compte.objects.filter(courriel=agent.courriel).order_by("pk").first()
    return existant or Compte.objects.create_compte(
        genre=GenreCompte.AGENT, courriel=agent.courriel, prenom=agent.prenom, nom=agent.nom
    )
