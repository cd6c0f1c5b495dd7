"""Beaucoup d’un coup, pour le banc seulement : solutions, échéances, abonnés."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from socle.fondations.referentiels.enums import GenreAutorite
from socle.metiers.catalogue.enums import Besoin, EtatSolution, Moyens, Taille
from socle.metiers.catalogue.models import Editeur, Solution
from socle.metiers.catalogue.services.solutions import index_solution
from socle.metiers.diffusion.models import Abonne, Lettre
from socle.metiers.echeancier.enums import EtatObligation, Surete, Theme
from socle.metiers.echeancier.models import (
    SANS_JOUR,
    DateEcheance,
    Obligation,
    PublicConcerne,
)
from socle.metiers.echeancier.services.obligations import build_recherche

SOLUTIONS = 60
ECHEANCES = 3_000
ABONNES = 10_000
PUBLIEES_LE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FICHE = {
    "resume": "Changer le seuil.",
    "reference": "Loi n° 2026-1",
    "lien": "https://exemple.fr/loi",
    "etapes": ["Lire le texte.", "Changer le seuil."],
}


def create_solutions(nombre: int = SOLUTIONS) -> None:
    """Publie les solutions « banc-01 » et suivantes, celles dont parlent les faits du banc."""
    editeurs: list[Editeur | None] = [*Editeur.objects.order_by("pk"), None]
    besoins, tailles, moyens = list(Besoin), list(Taille), list(Moyens)
    solutions = []
    for rang in range(1, nombre + 1):
        solution = Solution(
            slug=f"banc-{rang:02d}", nom=f"Solution de mesure {rang:02d}",
            etat=EtatSolution.PUBLIEE, publiee_le=PUBLIEES_LE,
            editeur=editeurs[rang % len(editeurs)],
            phrase=f"Le service numéro {rang}, partagé entre collectivités.",
            description="Un service **partagé**.\n\n- Il se déploie seul.\n- Il est libre.",
            fonctions=["Déposer une demande", "Suivre une demande", "Archiver"],
            licence="AGPL-3.0-or-later" if rang % 2 else "",
            besoins=[besoins[rang % len(besoins)], besoins[(rang + 3) % len(besoins)]],
            tailles=[tailles[rang % len(tailles)]], moyens=moyens[rang % len(moyens)],
            liens=[f"echeance:echeance-{rang}"],
        )  # fmt: skip
        index_solution(solution)
        solutions.append(solution)
    Solution.objects.bulk_create(solutions, ignore_conflicts=True)


def create_echeances(nombre: int = ECHEANCES, debut: int = 0) -> None:
    """Pose autant d’obligations publiées, à partir de ce rang, en quelques instructions.

    Un tiers à venir, un tiers en vigueur, le reste estimé ou permanent ; publics et thèmes variés.
    """
    genres = list(GenreAutorite)
    obligations = [_build_obligation(rang) for rang in range(debut, debut + nombre)]
    Obligation.objects.bulk_create(obligations, batch_size=1_000)
    PublicConcerne.objects.bulk_create(
        [
            PublicConcerne(
                obligation=obligation, genre=genre,
                population_min=(rang * 37) % 50_000 if rang % 2 else None,
            )
            for rang, obligation in enumerate(obligations)
            for genre in genres[: rang % (len(genres) + 1)]
        ],
        batch_size=5_000,
    )  # fmt: skip
    DateEcheance.objects.bulk_create(
        [DateEcheance(obligation=o, rang=1, jour=o.jour, surete=o.surete) for o in obligations],
        batch_size=2_000,
    )


def _build_obligation(rang: int) -> Obligation:
    themes, suretes = list(Theme), list(Surete)
    surete = suretes[0] if rang % 3 < 2 else suretes[1 + rang % 2]
    jour = date(2027, 1, 1) + timedelta(days=(rang * 7) % 2_000 - 1_000)
    obligation = Obligation(
        **FICHE,
        slug=f"echeance-{rang}",
        titre=f"Obligation de mesure numéro {rang}",
        court=f"Obligation {rang}",
        theme=themes[rang % len(themes)],
        ministere=f"Ministère {rang % 12}",
        etat=EtatObligation.PUBLIEE,
        surete=surete,
        jour=None if surete == Surete.PERMANENTE else jour,
        rang=SANS_JOUR if surete == Surete.PERMANENTE else jour.toordinal(),
        debut=jour - timedelta(days=400),
        territoires=["dep-92"] if rang % 17 == 0 else [],
        liens=[f"solution:banc-{rang % SOLUTIONS + 1:02d}"] if rang % 50 == 0 else [],
    )
    obligation.recherche = build_recherche(obligation)
    return obligation


def create_lettre(abonnes: int = ABONNES) -> int:
    """Abonne ces adresses inventées, et écrit une lettre à leur envoyer ; rend son numéro."""
    maintenant = timezone.now()
    Abonne.objects.bulk_create(
        (
            Abonne(courriel=f"abonne{rang}@exemple.fr", consenti_le=maintenant)
            for rang in range(abonnes)
        ),
        batch_size=5_000,
        ignore_conflicts=True,
    )
    dernier = Lettre.objects.order_by("-numero").values_list("numero", flat=True).first() or 0
    numero = int(dernier) + 1
    Lettre.objects.create(numero=numero, sujet="Des nouvelles", texte="## Bonjour\n\nDes **mots**.")
    return numero
