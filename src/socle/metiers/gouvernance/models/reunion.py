"""Réunions : ordre du jour, convocations, inscriptions aux ateliers ouverts."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.fondations.documents.services.programme import build_adresse_fichier
from socle.metiers.gouvernance.enums import EtatEnvoi, EtatReunion, Presence, Reponse
from socle.metiers.gouvernance.models.instance import Instance, Siege, build_liens


class Reunion(Horodate):
    """Une réunion d’une instance. Le lien de visioconférence n’est montré qu’à ses participants."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="reunions")
    titre = models.CharField("titre", max_length=200)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = models.CharField("lieu", max_length=300, blank=True)
    visio = models.URLField("lien de visioconférence", max_length=500, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatReunion, default=EtatReunion.PREVUE)
    ouverte = models.BooleanField("ouverte à tous les agents", default=False)
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True)
    motif_delai = models.CharField("motif du délai court", max_length=300, blank=True)
    motif_annulation = models.CharField("motif de l’annulation", max_length=300, blank=True)
    compte_rendu = models.TextField("compte rendu", blank=True)
    releve = models.TextField("relevé de décisions", blank=True)
    releve_publie_le = models.DateTimeField("relevé publié le", null=True, blank=True)
    revision = models.PositiveSmallIntegerField("révision de l’agenda", default=0)
    demonstration = models.BooleanField("fictive", default=False)
    liens = build_liens(verbose_name="liens")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="reunion_finit_apres"),
            models.CheckConstraint(
                condition=~Q(etat="annulee") | ~Q(motif_annulation=""),
                name="reunion_annulee_a_un_motif",
            ),
        ]
        indexes = [
            models.Index(fields=["debut", "id"], name="reunion_par_date"),
            models.Index(fields=["instance", "debut"], name="reunion_de_l_instance"),
            GinIndex(fields=["liens"], name="reunion_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"reunion:{self.pk}"

    @property
    def etat_affiche(self) -> EtatReunion:
        return EtatReunion(self.etat)

    @property
    def is_modifiable(self) -> bool:
        return self.etat in (EtatReunion.PREVUE, EtatReunion.CONVOQUEE)


class PointOrdreDuJour(Horodate):
    """Un point de l’ordre du jour, avec ses documents.

    Un lien : `{"titre": …, "url": …}`. Un fichier de l’entrepôt du programme, public ou pour les
    convoqués : `{"titre": …, "fichier": uuid, "public": bool}`.
    """

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="points")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=200)
    texte = models.TextField("détail", blank=True)
    minutes = models.PositiveSmallIntegerField("durée, en minutes", null=True, blank=True)
    documents = models.JSONField("documents", default=list, blank=True)
    liens = build_liens(verbose_name="liens")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "rang"],
                name="point_rang_unique",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def pieces(self) -> list[dict[str, object]]:
        """Documents, chacun avec son adresse ; un lien est toujours public."""
        return [
            {"public": True, **piece, "url": build_adresse_fichier(piece["fichier"])}
            if "fichier" in piece
            else {"public": True, **piece}
            for piece in self.documents
        ]


class Convocation(Horodate):
    """La convocation d’un siège : une ligne, un courriel au plus. Elle porte aussi la présence."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="convocations")
    siege = models.ForeignKey(Siege, on_delete=models.CASCADE, related_name="convocations")
    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    courriel = models.EmailField("courriel", blank=True)
    envoi = models.CharField("envoi", max_length=15, choices=EtatEnvoi, default=EtatEnvoi.A_ENVOYER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)
    reponse = models.CharField("réponse", max_length=12, choices=Reponse, default=Reponse.SANS)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    presence = models.CharField(
        "présence", max_length=12, choices=Presence, default=Presence.NON_NOTEE
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reunion", "siege"], name="convocation_unique")
        ]
        indexes = [models.Index(fields=["compte", "reunion"], name="convocation_du_compte")]

    @property
    def reponse_affichee(self) -> Reponse:
        return Reponse(self.reponse)

    @property
    def presence_affichee(self) -> Presence:
        return Presence(self.presence)


class InscriptionAtelier(Horodate):
    """Un agent inscrit à une réunion ouverte."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="inscriptions")
    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    organisation = models.CharField("organisation", max_length=200, blank=True)
    inscrit_le = models.DateTimeField("inscrit le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reunion", "compte"], name="inscription_unique")
        ]
