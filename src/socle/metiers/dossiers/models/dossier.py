"""Le dossier : une demande, de son brouillon à sa décision."""

from datetime import date, datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.commun.models import ChampChiffre
from socle.fondations.comptes.models import Compte
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.dossiers.enums import OUVERTS, TERMINES, Canal, EtatDossier

SANS_ECHEANCE = date(9999, 12, 31)
NON_NOMME = "Demandeur non nommé"


class Dossier(ObjetDeCollectivite):
    """Une demande. L’état ne change que par `dossiers.services`."""

    numero = models.IntegerField(
        "numéro", primary_key=True, db_default=Func(Value("dossiers_numero"), function="nextval")
    )
    demarche = models.ForeignKey(Demarche, on_delete=models.PROTECT, related_name="dossiers")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="dossiers")
    etat = models.CharField(
        "état", max_length=16, choices=EtatDossier, default=EtatDossier.BROUILLON
    )
    canal = models.CharField("canal", max_length=10, choices=Canal, default=Canal.EN_LIGNE)
    usager = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    jeton = models.CharField("empreinte du jeton d’invité", max_length=64, blank=True)
    reprise = models.CharField(
        "empreinte du lien de reprise", max_length=64, blank=True, default="", db_default=""
    )
    reprise_expire_le = models.DateTimeField("fin du lien de reprise", null=True, blank=True)
    reprise_courriel = models.EmailField(
        "boîte qui reçoit les liens de reprise", blank=True, default="", db_default=""
    )
    expiration_annoncee_le = models.DateTimeField(
        "effacement prochain annoncé le", null=True, blank=True
    )
    saisi_par = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    demandeur = models.CharField("demandeur", max_length=300, blank=True)
    courriel = models.EmailField("courriel de contact", blank=True)
    identite = ChampChiffre("identité pivot (JSON)", null=True, blank=True)
    version_ecartee = models.BigIntegerField(
        "nouvelle version que la personne a écartée", default=0, db_default=0
    )
    version_deposee = models.ForeignKey(
        Version,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="version du dépôt, si le dossier en a changé depuis",
    )
    revision = models.PositiveIntegerField("révision", default=0)
    onglet = models.CharField(
        "page qui enregistre au fil de la saisie",
        max_length=32,
        blank=True,
        default="",
        db_default="",
    )
    reponses = models.JSONField("réponses", default=dict)
    reponses_deposees = models.JSONField(
        "réponses telles que déposées, si elles ont pu changer depuis", null=True, blank=True
    )
    correction = models.JSONField("réponses en cours de correction", null=True, blank=True)
    projection = models.JSONField("colonnes de la liste", default=dict)
    recherche = SearchVectorField(null=True, editable=False)
    reference = models.CharField("référence", max_length=40, blank=True)
    depose_le = models.DateTimeField("déposé le", null=True, blank=True)
    recue_le = models.DateField("jour de réception, noté par l’agent", null=True, blank=True)
    echeance = models.DateField("date où le silence vaut décision", null=True, blank=True)
    accord_portail = models.BooleanField("accepte d’être notifié par le portail", default=False)
    suivi_par = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers_suivis"
    )
    attend_correction = models.BooleanField("attend une correction", default=False)
    correction_limite = models.DateField("date limite de la correction", null=True, blank=True)
    complements = models.JSONField(
        "corrections demandées : demande, limite, réception", null=True, blank=True
    )
    message_non_lu = models.BooleanField("message de l’usager non lu", default=False)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    motif = models.TextField("motif", blank=True)
    decision_disponible_le = models.DateTimeField(null=True, blank=True)
    decision_consultee_le = models.DateTimeField(null=True, blank=True)
    accuse_id = models.UUIDField("accusé (document)", null=True, blank=True)
    decision_id = models.UUIDField("décision (document)", null=True, blank=True)
    sel = models.BinaryField("sel des engagements du journal", max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "reference"],
                condition=~Q(reference=""),
                name="dossier_reference_unique",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDossier.BROUILLON, reference="", depose_le__isnull=True)
                | (~Q(etat=EtatDossier.BROUILLON) & ~Q(reference="") & Q(depose_le__isnull=False)),
                name="dossier_depose_a_date_et_reference",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=TERMINES) ^ Q(decide_le__isnull=True),
                name="dossier_termine_a_une_date",
            ),
        ]
        indexes = [
            models.Index(
                F("collectivite"), F("demarche"), F("etat"), F("depose_le").desc(),
                F("numero").desc(), name="dossier_liste",
            ),
            models.Index(
                F("collectivite"), F("etat"), F("depose_le").desc(), F("numero").desc(),
                name="dossier_file",
            ),
            # La file des agents et ses nombres, sans lire les dossiers eux-mêmes.
            models.Index(
                F("collectivite"), Coalesce("echeance", Value(SANS_ECHEANCE)), F("numero"),
                condition=Q(etat__in=OUVERTS), name="dossier_pression",
                include=(
                    "echeance", "attend_correction", "message_non_lu", "suivi_par", "demarche",
                ),
            ),
            models.Index(fields=["collectivite", "usager"], name="dossier_usager"),
            models.Index(
                fields=["collectivite"], condition=Q(attend_correction=True, etat__in=OUVERTS),
                include=("message_non_lu", "demarche"), name="dossier_chez_usager",
            ),
            models.Index(
                fields=["collectivite", "suivi_par"], include=("demarche",),
                condition=Q(etat__in=OUVERTS, suivi_par__isnull=False), name="dossier_suivi_par",
            ),
            # Colonne nue : sous la sécurité par ligne, une expression ne borne pas l’index.
            models.Index(
                fields=["collectivite", "echeance"], include=("demarche",),
                condition=Q(etat__in=OUVERTS, echeance__isnull=False), name="dossier_bientot",
            ),
            GinIndex(fields=["collectivite", "recherche"], gin_pending_list_limit=256,
                     name="dossier_recherche"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Dossier {self.numero}"

    @property
    def is_brouillon(self) -> bool:
        return self.etat == EtatDossier.BROUILLON

    @property
    def nom_du_demandeur(self) -> str:
        """Le nom à montrer, même quand le formulaire n’en demande aucun."""
        return self.demandeur or NON_NOMME

    @property
    def is_elimine(self) -> bool:
        """Vrai une fois détruit avec un visa : le sel l’est aussi, et ne revient pas."""
        return not self.sel

    @property
    def is_termine(self) -> bool:
        return self.etat in TERMINES

    @property
    def version_plus_recente(self) -> int | None:
        """Version publiée depuis que ce brouillon a commencé, si la démarche est ouverte.

        Connue d’un dossier lu par `queries.find_dossier` ; None sinon.
        """
        publiee: int | None = getattr(self, "version_publiee", None)
        ouverte = self.is_brouillon and self.demarche.is_ouverte
        return publiee if ouverte and publiee != self.version_id else None

    @property
    def is_version_a_proposer(self) -> bool:
        """Vrai tant que la personne n’a pas choisi de rester sur l’ancien formulaire."""
        nouvelle = self.version_plus_recente
        return nouvelle is not None and nouvelle != self.version_ecartee

    @property
    def version_en_vigueur(self) -> int | None:
        """Version publiée que ce dossier déposé et ouvert ne suit pas encore.

        Connue d’un dossier lu par `queries.find_dossier` ; None sinon.
        """
        publiee: int | None = getattr(self, "version_publiee", None)
        return publiee if self.etat in OUVERTS and publiee != self.version_id else None

    @property
    def is_modifiable_par_usager(self) -> bool:
        """Vrai en brouillon, et après dépôt tant que l’instruction n’a pas commencé."""
        return self.etat in (EtatDossier.BROUILLON, EtatDossier.EN_CONSTRUCTION)

    @property
    def depose_instant(self) -> datetime:
        """Instant du dépôt ; n’a pas de sens sur un brouillon.

        Raises:
            ValueError: le dossier n’est pas déposé.
        """
        if self.depose_le is None:
            raise ValueError(f"Le dossier {self.numero} n’est pas déposé.")
        return self.depose_le

    @property
    def objet(self) -> str:
        """Nom du dossier dans le journal et les documents : « dossier:44171 »."""
        return f"dossier:{self.numero}"
