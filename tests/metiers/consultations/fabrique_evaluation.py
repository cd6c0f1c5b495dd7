"""Un appel clos, quatre dossiers, un jury de trois collèges : de quoi éprouver l’évaluation."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.consultations.enums import (
    CollegeJury,
    EtatCampagne,
    EtatReponse,
    FonctionJury,
    GenreCampagne,
    Issue,
)
from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.queries.evaluation_jury import get_grille, list_criteres
from socle.metiers.consultations.services import evaluation_deliberation as deliberation
from socle.metiers.consultations.services import evaluation_grille as grilles
from socle.metiers.consultations.services import evaluation_jury as jury
from socle.metiers.consultations.services import evaluation_notes as notes
from socle.metiers.consultations.services import evaluation_publication as publication
from socle.metiers.consultations.services import evaluation_recevabilite as recevabilite
from tests.factories import CompteFactory

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
JOUR = timedelta(days=1)
ACTEUR = "agent:1"
# Antony, Bagneux, Châtillon, Malakoff : aucune n’est dans l’installation d’essai.
COMMUNES = {"92002": "Antony", "92007": "Bagneux", "92020": "Châtillon", "92046": "Malakoff"}
DEFINITION = {
    "pages": [{"id": "projet", "titre": "Votre projet", "champs": [
        {"type": "texte_long", "id": "projet", "libelle": "Le projet", "obligatoire": False},
        {"type": "piece_justificative", "id": "piece", "libelle": "Un fichier",
         "obligatoire": False, "formats": ["pdf", "texte"]},
    ]}]
}  # fmt: skip
rangs = count(1)


def create_agent(nom: str = "Membre", **champs):
    rang = next(rangs)
    return CompteFactory(
        agent=True, prenom="Dominique", nom=f"{nom}{rang}", courriel=f"jury{rang}@exemple.fr",
        **champs,
    )  # fmt: skip


def create_equipier():
    compte = create_agent("Équipe")
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return compte


def create_appel(slug: str = "appel-essai", **champs) -> Campagne:
    valeurs = {
        "genre": GenreCampagne.AAP, "titre": "Appel d’essai", "etat": EtatCampagne.CLOSE,
        "ouvre_le": MAINTENANT - 60 * JOUR, "ferme_le": MAINTENANT - 10 * JOUR,
        "publiee_le": MAINTENANT - 61 * JOUR, "close_le": MAINTENANT - 10 * JOUR,
        "budget": Decimal(100_000), "unite": "autorite", "perimetre": "autorites",
        "definition": DEFINITION, "contact": "appel@exemple.fr",
    }  # fmt: skip
    return Campagne.objects.create(slug=slug, **(valeurs | champs))


def create_dossier(campagne: Campagne, code: str = "92002", **champs) -> Reponse:
    rang = next(rangs)
    nom = COMMUNES.get(code, f"Commune {code}")
    valeurs = {
        "etat": EtatReponse.DEPOSEE, "repondant": f"autorite:commune-{code}",
        "autorite": f"commune-{code}", "nom_autorite": nom, "genre_autorite": "commune",
        "departement": code[:2], "region": "11", "numero": f"AAP-{rang}",
        "depose_le": MAINTENANT - 20 * JOUR + timedelta(minutes=rang),
        "courriel": f"mairie{rang}@exemple.fr",
        "reponses": {"projet": f"Le projet secret de {nom}."},
    }  # fmt: skip
    return Reponse.objects.create(campagne=campagne, **(valeurs | champs))


def create_monde(*, codes=tuple(COMMUNES), membres: int = 3, slug: str = "appel-essai"):
    """Jusqu’à la notation ouverte : `campagne instruction dossiers jures equipier`."""
    campagne = create_appel(slug)
    dossiers = [create_dossier(campagne, code) for code in codes]
    equipier = create_equipier()
    instruction = grilles.open_instruction(campagne=campagne, acteur=ACTEUR, maintenant=MAINTENANT)
    for dossier in dossiers:
        recevabilite.judge_recevabilite(
            reponse=dossier, recevable=True, motif="", agent=equipier, maintenant=MAINTENANT
        )
    jures = [add_jure(instruction, rang) for rang in range(membres)]
    instruction = notes.open_notation(instruction=instruction, acteur=ACTEUR, maintenant=MAINTENANT)
    return SimpleNamespace(
        campagne=campagne, instruction=instruction, dossiers=dossiers, jures=jures,
        equipier=equipier,
    )  # fmt: skip


def add_jure(instruction, rang: int = 2, compte=None, **champs):
    colleges = [CollegeJury.COLLECTIVITES, CollegeJury.ETAT, CollegeJury.AUTRES]
    fonctions = [FonctionJury.PRESIDENT, FonctionJury.VICE_PRESIDENT]
    valeurs = {
        "college": colleges[rang % 3], "organisation": f"Organisation {rang}",
        "fonction": fonctions[rang] if rang < 2 else FonctionJury.MEMBRE,
    }  # fmt: skip
    return jury.add_jure(
        instruction=instruction, compte=compte or create_agent(), acteur=ACTEUR,
        maintenant=MAINTENANT, **(valeurs | champs),
    )  # fmt: skip


def declare(monde, jure, conflits=None):
    """Le membre déclare sur tous les dossiers ; `conflits` : dossier → motif."""
    retires = {dossier.pk: motif for dossier, motif in (conflits or {}).items()}
    return jury.declare_interets(
        jure=jure, interets="", conflits=retires, lus=[d.pk for d in monde.dossiers],
        maintenant=MAINTENANT,
    )  # fmt: skip


def fill(instruction, note: int = 2, **par_rang):
    """Une note pour chaque critère ; `fill(i, 2, c1=0)` met zéro au premier."""
    criteres = list_criteres(get_grille(instruction))
    return {
        c.pk: notes.NoteSaisie(par_rang.get(f"c{c.rang}", note), "Vu dans le dossier.")
        for c in criteres
    }


def sign(monde, jure, dossier, note: int = 2, **par_rang):
    return notes.sign_notation(
        jure=jure, reponse=dossier, notes=fill(monde.instruction, note, **par_rang),
        avis="Dossier solide.", maintenant=MAINTENANT,
    )  # fmt: skip


def sign_all(monde, valeurs=(3, 2, 2, 1)):
    """Chaque membre déclare puis note chaque dossier ; le deuxième et le troisième sont ex æquo."""
    for jure in monde.jures:
        declare(monde, jure)
        for dossier, note in zip(monde.dossiers, valeurs, strict=True):
            sign(monde, jure, dossier, note)


def deliberate(monde):
    """Notes, puis classement calculé ; la présidence est le premier membre."""
    sign_all(monde)
    monde.instruction = deliberation.open_deliberation(jure=monde.jures[0], maintenant=MAINTENANT)
    return monde


def decide(monde, jure=None, **champs):
    """Le premier retenu pour 60 000 €, le deuxième complémentaire, les autres non."""
    issues = [Issue.RETENU, Issue.COMPLEMENTAIRE, Issue.NON_RETENU, Issue.NON_RETENU]
    decisions = {
        dossier.pk: deliberation.Decision(
            issue=issue, montant=Decimal(60_000) if issue == Issue.RETENU else Decimal(0),
            conditions="Rendre le code public." if issue == Issue.RETENU else "",
            motivation="Enveloppe épuisée." if issue == Issue.NON_RETENU else "", **champs,
        )
        for dossier, issue in zip(monde.dossiers, issues, strict=False)
    }  # fmt: skip
    deliberation.fix_resultats(
        jure=jure or monde.jures[0], decisions=decisions, maintenant=MAINTENANT
    )
    return monde


def validate(monde):
    decide(deliberate(monde))
    monde.instruction = deliberation.validate_resultats(jure=monde.jures[0], maintenant=MAINTENANT)
    return monde


def publish(monde):
    monde.instruction = publication.publish_resultats(
        instruction=validate(monde).instruction, acteur=ACTEUR, maintenant=MAINTENANT
    )
    return monde


def create_objets_evaluation(campagne: Campagne, reponse: Reponse) -> dict[str, str]:
    """Un jury, un déport et un dossier, pour les adresses de l’équipe."""
    instruction = grilles.open_instruction(campagne=campagne, acteur=ACTEUR, maintenant=MAINTENANT)
    jure = add_jure(instruction, 2)
    deport = jury.record_deport(
        jure=jure, reponse=reponse, origine="equipe", motif="Exemple.", acteur=ACTEUR,
        maintenant=MAINTENANT,
    )  # fmt: skip
    return {
        "recevabilite/cle": str(reponse.cle), "jury/pk": str(jure.pk),
        "deports/pk": str(deport.pk),
    }  # fmt: skip
