"""Sème deux jurys fictifs : un qui a rendu ses résultats, un qui note encore. Rejouable."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from socle.fondations.comptes.models import Compte
from socle.metiers.consultations.enums import CollegeJury, FonctionJury, Issue
from socle.metiers.consultations.models import Campagne, Instruction, Jure, Reponse, Resultat
from socle.metiers.consultations.queries.evaluation_jury import (
    get_grille,
    list_criteres,
    list_visibles,
)
from socle.metiers.consultations.queries.evaluation_resultats import list_resultats
from socle.metiers.consultations.queries.reponses import list_deposees
from socle.metiers.consultations.services import evaluation_deliberation as deliberation
from socle.metiers.consultations.services import evaluation_grille as grilles
from socle.metiers.consultations.services import evaluation_jury as jurys
from socle.metiers.consultations.services import evaluation_notes as notes
from socle.metiers.consultations.services import evaluation_publication as publication
from socle.metiers.consultations.services import evaluation_recevabilite as recevabilite

APPEL = "exemple-mutualiser-accueil"
EN_COURS = "exemple-outils-partages"
ACTEUR = "systeme"
EQUIPIERE = "claire.delmas@programme.example"
MEMBRES = (
    ("helene.maury@elus.example", CollegeJury.COLLECTIVITES, FonctionJury.PRESIDENT,
     "Association fictive d’élus"),
    ("thomas.roussel@ministere.example", CollegeJury.ETAT, FonctionJury.VICE_PRESIDENT,
     "Ministère fictif"),
    ("lucie.bertin@clamart.example", CollegeJury.AUTRES, FonctionJury.MEMBRE, "Réseau fictif"),
)  # fmt: skip
NIVEAUX = (3, 3, 2, 2, 1)  # dossier par dossier ; le dernier est sous un seuil


def seed(maintenant: datetime) -> str:
    """Note et publie un appel clos, commence d’en noter un autre ; rend une phrase."""
    comptes = [compte for compte in map(jurys.find_compte, [m[0] for m in MEMBRES]) if compte]
    equipiere = jurys.find_compte(EQUIPIERE)
    if equipiere and len(comptes) == len(MEMBRES):
        for slug, ecartes, suite in ((APPEL, 1, _finish), (EN_COURS, 0, _begin)):
            campagne = Campagne.objects.filter(slug=slug, instruction__isnull=True).first()
            if campagne is not None:
                _seed_appel(campagne, equipiere, comptes, ecartes, suite, maintenant)
    publiees = Instruction.objects.filter(publiee_le__isnull=False).count()
    return f"Évaluation : {publiees} appel dont les résultats sont publiés"


@transaction.atomic
def _seed_appel(
    campagne: Campagne,
    equipiere: Compte,
    comptes: list[Compte],
    ecartes: int,
    suite: Callable[[list[Jure], list[Reponse], datetime, datetime], None],
    maintenant: datetime,
) -> None:
    """Ouvre l’évaluation, contrôle les dossiers (les derniers écartés), réunit le jury."""
    quand = max(campagne.ferme_le or maintenant, maintenant - timedelta(days=9))
    instruction = grilles.open_instruction(campagne=campagne, acteur=ACTEUR, maintenant=quand)
    dossiers = list(list_deposees(campagne))
    for rang, dossier in enumerate(dossiers):
        dossier.campagne = campagne
        ecarte = rang >= len(dossiers) - ecartes
        recevabilite.judge_recevabilite(
            reponse=dossier, recevable=not ecarte, agent=equipiere, maintenant=quand,
            motif="Le plan de financement manque." if ecarte else "",
        )  # fmt: skip
    jures = [
        jurys.add_jure(
            instruction=instruction, compte=compte, college=college, organisation=organisation,
            fonction=fonction, acteur=ACTEUR, maintenant=quand,
        )
        for compte, (_, college, fonction, organisation) in zip(comptes, MEMBRES, strict=True)
    ]  # fmt: skip
    notes.open_notation(instruction=instruction, acteur=ACTEUR, maintenant=quand)
    suite(jures, dossiers, quand, maintenant)


def _finish(
    jures: list[Jure], dossiers: list[Reponse], quand: datetime, maintenant: datetime
) -> None:
    """Tous ont noté ; les résultats sont publiés."""
    for jure in jures:
        _seed_notes(jure, dossiers, quand)
    _seed_resultats(jures[0], maintenant)


def _begin(
    jures: list[Jure], dossiers: list[Reponse], quand: datetime, maintenant: datetime
) -> None:
    """La présidence a noté un dossier ; les autres ont encore à déclarer leurs intérêts."""
    _seed_notes(jures[0], dossiers, min(quand + timedelta(days=1), maintenant), nombre=1)


def _seed_notes(
    jure: Jure, dossiers: list[Reponse], quand: datetime, *, nombre: int | None = None
) -> None:
    """Chacun déclare, puis signe ; le troisième membre se retire du premier dossier."""
    retrait = jure.fonction == FonctionJury.MEMBRE
    jure = jurys.declare_interets(
        jure=jure, interets="", lus=[d.pk for d in dossiers], maintenant=quand,
        conflits={dossiers[0].pk: "J’y ai travaillé (exemple fictif)."} if retrait else {},
    )  # fmt: skip
    jure.instruction.refresh_from_db()
    grille = get_grille(jure.instruction)
    criteres = list_criteres(grille)
    rangs = {dossier.pk: rang for rang, dossier in enumerate(dossiers)}
    for dossier in list_visibles(jure)[:nombre]:
        base = NIVEAUX[rangs[dossier.pk] % len(NIVEAUX)]
        saisies = {
            c.pk: notes.NoteSaisie(
                max(0, base - (c.rang + jure.pk) % 2 - (base == 1 and c.seuil is not None)),
                "Exemple fictif.",
            )
            for c in criteres
        }
        notes.sign_notation(
            jure=jure, reponse=dossier, notes=saisies, maintenant=quand,
            avis="Avis fictif : il montre la forme d’une note.",
        )  # fmt: skip


def _seed_resultats(president: Jure, maintenant: datetime) -> None:
    """Les deux premiers retenus, le troisième en attente, les autres non."""
    instruction = deliberation.open_deliberation(jure=president, maintenant=maintenant)
    classes: list[Resultat] = list(list_resultats(instruction))
    decisions = {}
    for place, resultat in enumerate(classes):
        issue = (Issue.RETENU, Issue.RETENU, Issue.COMPLEMENTAIRE, Issue.NON_RETENU)[min(place, 3)]
        issue = Issue.NON_RETENU if resultat.elimine else issue
        refuse = issue == Issue.NON_RETENU
        decisions[resultat.reponse_id] = deliberation.Decision(
            issue=issue,
            montant=Decimal(60_000 - 15_000 * place) if issue == Issue.RETENU else Decimal(0),
            conditions="Rendre publics les plannings et le bilan." if not refuse else "",
            motivation=resultat.motivation or "Enveloppe épuisée (exemple)." if refuse else "",
        )
    deliberation.fix_resultats(jure=president, decisions=decisions, maintenant=maintenant)
    deliberation.validate_resultats(jure=president, maintenant=maintenant)
    publication.publish_resultats(instruction=instruction, acteur=ACTEUR, maintenant=maintenant)
