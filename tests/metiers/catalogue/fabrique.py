"""Un objet de chaque sorte, pour les essais de droits."""

from datetime import UTC, datetime, timedelta

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.catalogue.enums import EtatCandidature, EtatSolution
from socle.metiers.catalogue.models import (
    Api,
    CandidatureLabel,
    CasUsage,
    CatalogueDistant,
    Clause,
    DemandeDeploiement,
    Editeur,
    EtapeSolution,
    FicheDistante,
    FusionFiche,
    InvitationEditeur,
    ReferentielLabel,
    ReponseEditeur,
    Representant,
    Solution,
    VersionProduit,
)
from tests.factories import CompteFactory

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def create_solution() -> Solution:
    """Une solution publiée d’un éditeur, la même à chaque appel."""
    editeur, _ = Editeur.objects.get_or_create(
        slug="essai", defaults={"nom": "Essai", "genre": "entreprise"}
    )
    solution, _ = Solution.objects.get_or_create(
        slug="solution-d-essai",
        defaults={"nom": "Solution d’essai", "phrase": "Une solution.", "editeur": editeur,
                  "etat": EtatSolution.PUBLIEE, "publiee_le": MAINTENANT},
    )  # fmt: skip
    return solution


def create_du_catalogue(siren: str) -> dict[str, str]:
    """Ce qu’une collectivité ouvre : une solution, et sa demande d’accompagnement."""
    demande = DemandeDeploiement.objects.create(
        solution=create_solution(), siren=siren, nom_collectivite="Clamart", besoin="Aidez-nous.",
        contact="Ada", courriel="ada@exemple.fr", demandee_le=MAINTENANT,
    )  # fmt: skip
    return {"solutions/slug": demande.solution.slug, "demandes/pk": str(demande.pk)}


def create_objets() -> dict[str, str]:
    """Remplit les adresses de l’équipe et des éditeurs ; tout éditeur connu représente celui-ci."""
    solution = create_solution()
    for membre in MembreProgramme.objects.filter(role=RoleProgramme.EDITEUR).order_by("id"):
        Representant.objects.get_or_create(editeur=solution.editeur, compte=membre.compte)
    autre = Representant.objects.create(editeur=solution.editeur, compte=CompteFactory(agent=True))
    distant = CatalogueDistant.objects.create(
        slug="voisin", nom="Voisin", url="http://127.0.0.1/c.csv", format="csv"
    )
    fiche = FicheDistante.objects.create(
        catalogue=distant, cle_externe="1", nom="Ailleurs", donnees={"nom": "Ailleurs"},
        empreinte="0" * 64, vue_le=MAINTENANT,
    )  # fmt: skip
    referentiel = ReferentielLabel.objects.create(version=1, titre="Label", etat="en_vigueur")
    candidature = CandidatureLabel.objects.create(
        solution=solution, referentiel=referentiel, etat=EtatCandidature.REFUSEE,
        declaree_le=MAINTENANT,
    )  # fmt: skip
    etape = EtapeSolution.objects.create(solution=solution, titre="Version 2")
    reponse = ReponseEditeur.objects.create(
        solution=solution, editeur=solution.editeur, texte="Bonjour.", publiee_le=MAINTENANT
    )
    fusion = FusionFiche.objects.create(
        fiche=fiche, solution=solution, avant={}, apres={}, faite_le=MAINTENANT
    )
    invitation = InvitationEditeur.objects.create(
        editeur=solution.editeur, courriel="zoe@editeur.example", empreinte="0" * 64,
        envoyee_le=MAINTENANT, expire_le=MAINTENANT + timedelta(days=7),
    )  # fmt: skip
    return {
        **create_du_catalogue("219200235"),
        "invitations/pk": str(invitation.pk),
        "editeurs/slug": solution.editeur.slug,
        "representants/pk": str(autre.pk),
        "clauses/slug": Clause.objects.create(slug="une", titre="Une", theme="archives").slug,
        "api/slug": Api.objects.create(
            slug="une", nom="Une", fournisseur="x", phrase="x", acces="ouvert"
        ).slug,
        "cas/slug": CasUsage.objects.create(slug="un-cas", titre="Un cas", demarche="x").slug,
        "label/pk": str(candidature.pk),
        "imports/slug": distant.slug,
        "fiches/pk": str(fiche.pk),
        "fusions/pk": str(fusion.pk),
        "etapes/pk": str(etape.pk),
        "reponses/pk": str(reponse.pk),
        "versions/pk": str(VersionProduit.objects.create(solution=solution, numero="1.0").pk),
    }
