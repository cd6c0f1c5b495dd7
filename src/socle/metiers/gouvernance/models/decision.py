"""Décisions : versions au texte figé, votes, validations des collèges, effets."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import (
    DECISIONS_FINIES,
    DECISIONS_OUVERTES,
    DECISIONS_PUBLIQUES,
    ATitre,
    Canal,
    College,
    EtatDecision,
    EtatEffet,
    NatureEffet,
    Resultat,
    Sens,
)
from socle.metiers.gouvernance.models.instance import Instance, Siege, build_liens
from socle.metiers.gouvernance.models.reunion import Reunion


class Decision(Horodate):
    """Ce que le programme décide. Prise seulement quand les deux collèges ont validé le même texte.

    La base le vérifie aussi : un déclencheur refuse l’état « prise » sans les deux validations de
    la version courante, sur son empreinte.
    """

    numero = models.PositiveIntegerField("numéro", unique=True)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="decisions")
    proposee_par = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, blank=True, related_name="propositions"
    )
    preparee_par = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, blank=True, related_name="preparations"
    )
    reunion = models.ForeignKey(
        Reunion, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    titre = models.CharField("objet", max_length=200)
    etat = models.CharField(
        "état", max_length=15, choices=EtatDecision, default=EtatDecision.PROPOSEE
    )
    rang = models.PositiveSmallIntegerField("version courante", default=1)
    proposee_le = models.DateTimeField("proposée le")
    cloture_le = models.DateTimeField("vote ouvert jusqu’au", null=True, blank=True)
    prise_le = models.DateTimeField("prise le", null=True, blank=True)
    finie_le = models.DateTimeField("refusée ou retirée le", null=True, blank=True)
    motif = models.TextField("motif du retrait ou de la prolongation", blank=True)
    feuille = models.ForeignKey(
        "gouvernance.FeuilleDeRoute", on_delete=models.PROTECT, null=True, blank=True,
        related_name="decisions",
    )  # fmt: skip
    demonstration = models.BooleanField("fictive", default=False)
    liens = build_liens(verbose_name="liens")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatDecision.PRISE) ^ Q(prise_le__isnull=True),
                name="decision_prise_a_une_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatDecision.RETIREE) | ~Q(motif=""),
                name="decision_retiree_a_un_motif",
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "numero"], name="decision_par_etat"),
            models.Index(fields=["instance", "numero"], name="decision_de_l_instance"),
            models.Index(
                fields=["cloture_le"],
                condition=Q(etat=EtatDecision.EN_VALIDATION),
                name="decision_a_clore",
            ),
            models.Index(
                fields=["prise_le"], condition=Q(etat=EtatDecision.PRISE), name="decision_prises"
            ),
            GinIndex(fields=["liens"], name="decision_liens"),
        ]

    def __str__(self) -> str:
        return f"N° {self.numero} : {self.titre}"

    @property
    def cle(self) -> str:
        return f"decision:{self.numero}"

    @property
    def reference(self) -> str:
        return f"N° {self.numero}"

    @property
    def etat_affiche(self) -> EtatDecision:
        return EtatDecision(self.etat)

    @property
    def is_publique(self) -> bool:
        return self.etat in DECISIONS_PUBLIQUES

    @property
    def is_ouverte(self) -> bool:
        return self.etat in DECISIONS_OUVERTES

    @property
    def is_finie(self) -> bool:
        return self.etat in DECISIONS_FINIES


class VersionDeDecision(Horodate):
    """Un texte soumis. Figé, la base refuse qu’il change : seul un amendement le remplace."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="versions")
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.TextField("texte")
    motif = models.CharField("pourquoi cet amendement", max_length=500, blank=True)
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    figee_le = models.DateTimeField("figée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "rang"], name="version_rang_unique"),
            models.CheckConstraint(
                condition=Q(figee_le__isnull=True, empreinte="")
                | Q(figee_le__isnull=False, empreinte__regex=r"^[0-9a-f]{64}$"),
                name="version_figee_a_une_empreinte",
            ),
        ]

    @property
    def resume(self) -> str:
        return f"Version {self.rang}"


class Vote(Horodate):
    """La voix d’un siège sur une version : une seule, modifiable tant que le vote est ouvert."""

    version = models.ForeignKey(VersionDeDecision, on_delete=models.CASCADE, related_name="votes")
    siege = models.ForeignKey(Siege, on_delete=models.PROTECT, related_name="votes")
    sens = models.CharField("sens", max_length=12, choices=Sens)
    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    a_titre = models.CharField("à titre de", max_length=12, choices=ATitre)
    canal = models.CharField("canal", max_length=12, choices=Canal)
    vote_le = models.DateTimeField("voté le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "siege"], name="vote_un_par_siege")
        ]


class Validation(Horodate):
    """Le résultat d’un collège sur une version : ce qu’il a compté, et sur quelle empreinte."""

    version = models.ForeignKey(
        VersionDeDecision, on_delete=models.CASCADE, related_name="validations"
    )
    college = models.CharField("collège", max_length=15, choices=College)
    resultat = models.CharField("résultat", max_length=10, choices=Resultat)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    sieges = models.PositiveSmallIntegerField("sièges pourvus")
    presents = models.PositiveSmallIntegerField("sièges présents")
    pour = models.PositiveSmallIntegerField("pour")
    contre = models.PositiveSmallIntegerField("contre")
    abstentions = models.PositiveSmallIntegerField("abstentions")
    canal = models.CharField("canal", max_length=12, choices=Canal)
    validee_le = models.DateTimeField("validée le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "college"], name="validation_unique")
        ]

    @property
    def college_affiche(self) -> College:
        return College(self.college)


class Effet(Horodate):
    """Ce qu’une décision change ailleurs : appliqué par le métier concerné, sinon par l’équipe.

    `constate` garde l’état de l’objet quand le texte a été figé : s’il a changé entre-temps, rien
    n’est appliqué d’office, `blocage` dit pourquoi, et l’équipe tranche.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="effets")
    cle = models.CharField("objet concerné", max_length=120, blank=True)
    nature = models.CharField("nature", max_length=10, choices=NatureEffet)
    valeur = models.CharField("nouvel état", max_length=60, blank=True)
    date_visee = models.DateField("nouvelle date", null=True, blank=True)
    texte = models.CharField("ce qui change", max_length=300)
    etat = models.CharField("état", max_length=15, choices=EtatEffet, default=EtatEffet.A_APPLIQUER)
    constate = models.CharField("état au gel du texte", max_length=200, blank=True)
    blocage = models.CharField("pourquoi ce n’est pas appliqué", max_length=400, blank=True)
    resultat = models.CharField("objet changé ou créé", max_length=120, blank=True)
    fait_le = models.DateTimeField("fait le", null=True, blank=True)
    fait_par = models.CharField("fait par", max_length=200, blank=True)
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatEffet.A_APPLIQUER) ^ Q(fait_le__isnull=False),
                name="effet_fait_a_une_date",
            )
        ]
        indexes = [models.Index(fields=["etat", "decision"], name="effet_par_etat")]

    @property
    def etat_affiche(self) -> EtatEffet:
        return EtatEffet(self.etat)
