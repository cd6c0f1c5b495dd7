"""Fabriques d’objets d’essai : personnes et lieux fictifs, mots du métier."""

import factory

from socle.fondations.collectivites.enums import GenreCollectivite
from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.comptes.enums import GenreCompte, Role
from socle.fondations.comptes.models import Adhesion, Compte
from socle.fondations.conservation.enums import PointDeDepart, SortFinal
from socle.fondations.conservation.models import RegleDeConservation


class CollectiviteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Collectivite

    nom = factory.Sequence(lambda n: f"Commune {n}")
    slug = factory.Sequence(lambda n: f"commune-{n}")
    siren = factory.Sequence(lambda n: f"2193{n:05d}")  # jamais celui de Clamart
    genre = GenreCollectivite.COMMUNE
    code_cog = "92023"
    courriel = "mairie@exemple.fr"
    telephone = "01 23 45 67 89"
    adresse = "1 place de la Mairie, 92140 Clamart"


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service

    nom = factory.Sequence(lambda n: f"Service {n}")
    courriel = "service@exemple.fr"
    telephone = "01 23 45 67 80"
    adresse = "1 place de la Mairie, 92140 Clamart"


class CompteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Compte

    genre = GenreCompte.USAGER
    courriel = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    prenom = "Yanis"
    nom = "Orbellec"

    class Params:
        agent = factory.Trait(genre=GenreCompte.AGENT, prenom="Ada", nom="Fournel")


class AdhesionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Adhesion

    compte = factory.SubFactory(CompteFactory, agent=True)
    role = Role.INSTRUCTEUR


class RegleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegleDeConservation

    code = factory.Sequence(lambda n: f"R-{n}")
    intitule = "Inscriptions scolaires"
    duree_annees = 5
    point_de_depart = PointDeDepart.DECISION
    sort_final = SortFinal.DETRUIRE
    source_juridique = "À confirmer par les Archives départementales"
