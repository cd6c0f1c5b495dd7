"""Les réponses : brouillon, dépôts successifs, extraits choisis. Tables sans locataire."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.identifiants import uuid7
from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.consultations.enums import EtatReponse
from socle.metiers.consultations.models.campagne import Campagne


class Reponse(Horodate):
    """Une réponse, de son brouillon à son dépôt. L’état ne change que par un service.

    `repondant` dit qui ne répond qu’une fois : « autorite:commune-92023 », « compte:12 » ou
    « invite:<identifiant> ». Le territoire est copié au départ : les chiffres survivent à
    l’effacement des réponses.
    """

    cle = models.UUIDField("identifiant public", default=uuid7, unique=True, editable=False)
    campagne = models.ForeignKey(Campagne, on_delete=models.CASCADE, related_name="reponses")
    etat = models.CharField(
        "état", max_length=10, choices=EtatReponse, default=EtatReponse.BROUILLON
    )
    repondant = models.CharField("qui répond", max_length=80)
    compte = models.ForeignKey(
        Compte, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    jeton = models.CharField("empreinte du jeton d’invité", max_length=64, blank=True)
    nom = models.CharField("nom montré à l’équipe", max_length=300, blank=True)
    courriel = models.EmailField("courriel du reçu", blank=True)
    autorite = models.CharField("clé de la collectivité", max_length=24, blank=True, db_index=True)
    nom_autorite = models.CharField("nom de la collectivité", max_length=200, blank=True)
    genre_autorite = models.CharField("genre de collectivité", max_length=12, blank=True)
    departement = models.CharField("département", max_length=3, blank=True)
    region = models.CharField("région", max_length=3, blank=True)
    # Déposée, elle ne change plus que par un nouveau dépôt ; on la corrige à côté.
    reponses = models.JSONField("réponses", default=dict)
    correction = models.JSONField("réponses en cours de correction", null=True, blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    onglet = models.CharField(
        "page qui enregistre au fil de la saisie", max_length=32, blank=True, default="",
        db_default="",
    )  # fmt: skip
    numero = models.CharField("numéro", max_length=40, blank=True)
    depose_le = models.DateTimeField("dernier dépôt", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    refusee_le = models.DateTimeField("présentée après la clôture le", null=True, blank=True)
    mots = models.TextField("mots où l’on cherche", default="", blank=True)
    purgee_le = models.DateTimeField("effacée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "repondant"],
                condition=~Q(etat=EtatReponse.RETIREE),
                name="reponse_une_par_repondant",
            ),
            models.UniqueConstraint(
                fields=["numero"], condition=~Q(numero=""), name="reponse_numero_unique"
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatReponse.DEPOSEE)
                | (~Q(numero="") & Q(depose_le__isnull=False)),
                name="reponse_deposee_a_date_et_numero",
            ),
        ]
        indexes = [
            models.Index(fields=["campagne", "etat", "-depose_le", "-id"], name="reponse_liste"),
            models.Index(fields=["compte", "campagne"], name="reponse_du_compte"),
            GinIndex(fields=["mots"], opclasses=["gin_trgm_ops"], name="reponse_mots"),
        ]

    def __str__(self) -> str:
        return self.numero or f"Brouillon {self.pk}"

    @property
    def objet(self) -> str:
        """Nom de la réponse dans le journal et les documents : « reponse:<identifiant> »."""
        return f"reponse:{self.cle}"

    @property
    def is_brouillon(self) -> bool:
        return self.etat == EtatReponse.BROUILLON

    @property
    def is_deposee(self) -> bool:
        return self.etat == EtatReponse.DEPOSEE

    @property
    def saisie(self) -> dict[str, Any]:
        """Ce que la personne est en train d’écrire : le brouillon, ou la correction."""
        saisie: dict[str, Any] = self.reponses if self.correction is None else self.correction
        return saisie

    @property
    def nom_montre(self) -> str:
        """Qui répond, pour l’équipe."""
        return self.nom_autorite or self.nom or "Réponse sans nom"


class DepotDeReponse(Horodate):
    """Ce qui a été déposé, à chaque fois : la correction ne réécrit pas l’histoire."""

    reponse = models.ForeignKey(Reponse, on_delete=models.CASCADE, related_name="depots")
    rang = models.PositiveIntegerField("rang")
    reponses = models.JSONField("réponses")
    acteur = models.CharField("acteur", max_length=120)
    instant = models.DateTimeField("instant")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reponse", "rang"], name="depot_de_reponse_unique")
        ]


class Extrait(Horodate):
    """Texte libre que l’équipe choisit, un par un, de publier dans la synthèse, sans nom."""

    campagne = models.ForeignKey(Campagne, on_delete=models.CASCADE, related_name="extraits")
    reponse = models.ForeignKey(
        Reponse, on_delete=models.SET_NULL, null=True, related_name="extraits"
    )
    champ = models.CharField("question", max_length=64)
    texte = models.TextField("texte publié")
    acteur = models.CharField("acteur", max_length=120)
    choisi_le = models.DateTimeField("choisi le")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reponse", "champ"], name="extrait_une_fois_par_question"
            )
        ]
