"""Démarches et versions de leur formulaire."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite, Service
from socle.fondations.comptes.models import Compte
from socle.fondations.conservation.models import RegleDeConservation
from socle.metiers.demarches.enums import (
    EtatDemarche,
    EtatVersion,
    EvenementDeVie,
    Silence,
    choose_autorite,
)
from socle.normes.delais.echeances import ExceptionAuSilence


class Demarche(ObjetDeCollectivite):
    """Ce qu’un usager peut demander à la collectivité."""

    titre = models.CharField("titre", max_length=150)
    chemin = models.SlugField("adresse", max_length=100)
    resume = models.CharField("en une phrase", max_length=250, blank=True)
    description = models.TextField("description", blank=True)
    a_prevoir = models.TextField("à préparer, une ligne par élément", blank=True)
    public = models.CharField("pour qui", max_length=250, blank=True)
    mots_cles = models.CharField("autres mots pour la trouver", max_length=250, blank=True)
    evenement = models.CharField(
        "événement de vie", max_length=20, choices=EvenementDeVie, default=EvenementDeVie.AUTRE
    )
    etat = models.CharField(
        "état", max_length=10, choices=EtatDemarche, default=EtatDemarche.BROUILLON
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="demarches"
    )
    regle = models.ForeignKey(
        RegleDeConservation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="demarches",
        verbose_name="règle de conservation",
    )
    cadre_juridique = models.TextField("cadre juridique", blank=True)
    invites_autorises = models.BooleanField("sans compte", default=False)
    silence = models.CharField(
        "silence", max_length=12, choices=Silence, default=Silence.ACCEPTATION
    )
    silence_mois = models.PositiveSmallIntegerField("délai de silence, en mois", default=2)
    silence_exception = models.CharField(
        "pourquoi le silence vaut refus",
        max_length=2,
        blank=True,
        choices=[(e.value, e.motif) for e in ExceptionAuSilence],
    )
    silence_source = models.CharField("texte d’un délai particulier", max_length=200, blank=True)
    autorite = models.CharField(
        "autorité qui décide", max_length=150, default="Le maire", blank=True
    )
    decision_acceptation = models.TextField("texte de la décision favorable", blank=True)
    decision_refus = models.TextField("texte de la décision de refus", blank=True)
    colonnes = models.JSONField("colonnes de la liste", default=list, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    recherche = SearchVectorField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "chemin"], name="demarche_chemin_unique"
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatDemarche.PUBLIEE)
                | Q(service__isnull=False, regle__isnull=False, publiee_le__isnull=False),
                name="demarche_publiee_a_service_et_regle",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def is_ouverte(self) -> bool:
        """Vrai si l’on peut commencer une demande."""
        return self.etat == EtatDemarche.PUBLIEE

    def describe_delegation(self, genre: str) -> str:
        """Rend « Pour le maire, par délégation », selon la fiche et le genre de collectivité."""
        autorite = choose_autorite(self.autorite, genre)
        return f"Pour {autorite[:1].lower()}{autorite[1:]}, par délégation"

    @property
    def pieces_a_prevoir(self) -> list[str]:
        return [ligne.strip() for ligne in self.a_prevoir.splitlines() if ligne.strip()]


class Version(ObjetDeCollectivite):
    """Formulaire d’une démarche. Publiée, sa définition ne change plus (déclencheur en base)."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    etat = models.CharField(
        "état", max_length=10, choices=EtatVersion, default=EtatVersion.BROUILLON
    )
    definition = models.JSONField("définition")
    revision = models.PositiveIntegerField("révision", default=0)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "demarche", "numero"], name="version_numero_unique"
            ),
            models.UniqueConstraint(
                fields=["collectivite", "demarche"],
                condition=Q(etat=EtatVersion.BROUILLON),
                name="version_un_seul_brouillon",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatVersion.BROUILLON) ^ Q(publiee_le__isnull=False),
                name="version_publiee_a_une_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demarche_id}, version {self.numero}"


class Modification(ObjetDeCollectivite):
    """Définition d’avant un changement du brouillon : de quoi annuler, pas à pas."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="modifications")
    libelle = models.CharField("changement", max_length=200)
    avant = models.JSONField("définition d’avant")
    onglet = models.CharField(
        "page qui enregistre au fil de la saisie",
        max_length=32,
        blank=True,
        default="",
        db_default="",
    )

    class Meta:
        indexes = [models.Index(fields=["collectivite", "version", "-id"])]
