"""L’évaluation d’une campagne : grille, jury, déports, notes, résultats. Tables sans locataire.

La base refuse elle-même qu’un membre en déport garde une note, et qu’une note signée change.
"""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.consultations.enums import (
    CollegeJury,
    EtapeInstruction,
    FonctionJury,
    Issue,
    OrigineDeport,
)
from socle.metiers.consultations.models.campagne import Campagne
from socle.metiers.consultations.models.reponse import Reponse


class Instruction(Horodate):
    """L’évaluation d’un AMI ou d’un AAP, de la grille aux résultats publiés."""

    campagne = models.OneToOneField(Campagne, on_delete=models.CASCADE, related_name="instruction")
    etape = models.CharField(
        "étape", max_length=14, choices=EtapeInstruction, default=EtapeInstruction.PREPARATION
    )
    quorum = models.PositiveSmallIntegerField("notes signées, au moins", default=2)
    par_college = models.BooleanField("une note au moins de chaque collège", default=False)
    ecart_signale = models.PositiveSmallIntegerField("écart signalé, en points", default=2)
    recours = models.TextField("voies de recours", blank=True)
    ouverte_le = models.DateTimeField("notation ouverte le", null=True, blank=True)
    deliberation_le = models.DateTimeField("délibération ouverte le", null=True, blank=True)
    validee_le = models.DateTimeField("arrêtée le", null=True, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    # Ce que tout le monde lit, figé à la publication.
    bilan = models.JSONField("résultats publiés", null=True, blank=True)
    empreinte = models.CharField("empreinte des résultats", max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etape=EtapeInstruction.PUBLIEE) ^ Q(publiee_le__isnull=True),
                name="instruction_publiee_a_sa_date",
            ),
            models.CheckConstraint(
                condition=Q(publiee_le__isnull=True) | Q(bilan__isnull=False, empreinte__gt=""),
                name="instruction_publiee_a_son_bilan",
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="instruction_quorum"),
        ]

    def __str__(self) -> str:
        return f"Évaluation : {self.campagne_id}"

    @property
    def etape_affichee(self) -> EtapeInstruction:
        return EtapeInstruction(self.etape)

    @property
    def is_publiee(self) -> bool:
        return self.etape == EtapeInstruction.PUBLIEE


class Grille(Horodate):
    """Version de la grille. Dès la première note, elle ne change plus : une autre la remplace."""

    instruction = models.ForeignKey(Instruction, on_delete=models.CASCADE, related_name="grilles")
    version = models.PositiveSmallIntegerField("version", default=1)
    courante = models.BooleanField("courante", default=True)
    maximum = models.PositiveSmallIntegerField("note la plus haute", default=3)
    mention = models.TextField("d’où viennent ces critères", blank=True)
    motif = models.TextField("pourquoi cette version", blank=True)
    figee_le = models.DateTimeField("première note le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instruction", "version"], name="grille_version"),
            models.UniqueConstraint(
                fields=["instruction"], condition=Q(courante=True), name="grille_courante_unique"
            ),
            models.CheckConstraint(
                condition=Q(maximum__gte=1, maximum__lte=10), name="grille_maximum"
            ),
        ]

    def __str__(self) -> str:
        return f"Grille, version {self.version}"

    @property
    def is_figee(self) -> bool:
        return self.figee_le is not None


class CritereDeGrille(Horodate):
    """Un critère : la question posée au jury et ce que vaut chaque note."""

    grille = models.ForeignKey(Grille, on_delete=models.CASCADE, related_name="criteres")
    rang = models.PositiveSmallIntegerField("rang")
    intitule = models.CharField("intitulé", max_length=150)
    question = models.CharField("question", max_length=500)
    niveaux = ArrayField(models.CharField(max_length=200), verbose_name="ce que vaut chaque note")
    poids = models.PositiveSmallIntegerField("poids", default=1)
    seuil = models.DecimalField(
        "moyenne qui élimine au-dessous", max_digits=4, decimal_places=2, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grille", "rang"], name="critere_de_grille_rang"),
            models.CheckConstraint(
                condition=Q(poids__gte=1, poids__lte=100), name="critere_de_grille_poids"
            ),
        ]

    def __str__(self) -> str:
        return self.intitule


class Recevabilite(Horodate):
    """Contrôle d’un dossier avant toute note, avec ce qui a été constaté ce jour-là."""

    reponse = models.OneToOneField(Reponse, on_delete=models.CASCADE, related_name="recevabilite")
    recevable = models.BooleanField("recevable")
    motif = models.TextField("motif", blank=True)
    constats = models.JSONField("constats", default=list)
    faite_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    faite_le = models.DateTimeField("faite le")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recevable=True) | Q(motif__gt=""), name="irrecevabilite_motivee"
            )
        ]


class Jure(Horodate):
    """Un membre du jury. Il ne lit rien avant d’avoir déclaré ses intérêts."""

    instruction = models.ForeignKey(Instruction, on_delete=models.CASCADE, related_name="jures")
    compte = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    college = models.CharField("collège", max_length=14, choices=CollegeJury)
    organisation = models.CharField("organisation", max_length=200)
    fonction = models.CharField(
        "fonction", max_length=14, choices=FonctionJury, default=FonctionJury.MEMBRE
    )
    remplace = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    interets = models.TextField("intérêts déclarés pour la campagne", blank=True)
    declare_le = models.DateTimeField("a déclaré le", null=True, blank=True)
    declare_sur = ArrayField(
        models.BigIntegerField(), default=list, blank=True, verbose_name="dossiers déclarés"
    )
    sorti_le = models.DateTimeField("sorti le", null=True, blank=True)
    motif_sortie = models.CharField("motif de sortie", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instruction", "compte"], condition=Q(sorti_le__isnull=True),
                name="jure_une_fois",
            ),
            models.UniqueConstraint(
                fields=["instruction", "fonction"],
                condition=Q(sorti_le__isnull=True) & ~Q(fonction=FonctionJury.MEMBRE),
                name="jure_une_presidence",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["compte", "instruction"], name="jure_compte")]

    def __str__(self) -> str:
        return f"{self.compte.nom_affiche}, {self.organisation}"

    @property
    def has_declare(self) -> bool:
        return self.declare_le is not None


class Deport(Horodate):
    """Un membre ne voit ni ne note ce dossier. Écrit au procès-verbal, compté en public."""

    jure = models.ForeignKey(Jure, on_delete=models.CASCADE, related_name="deports")
    reponse = models.ForeignKey(Reponse, on_delete=models.CASCADE, related_name="deports")
    origine = models.CharField("origine", max_length=12, choices=OrigineDeport)
    motif = models.CharField("motif", max_length=500, blank=True)
    constate_le = models.DateTimeField("constaté le")
    leve_le = models.DateTimeField("levé le", null=True, blank=True)
    motif_levee = models.CharField("motif de la levée", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jure", "reponse"], name="deport_unique"),
            models.CheckConstraint(
                condition=Q(leve_le__isnull=True)
                | (Q(motif_levee__gt="") & ~Q(origine__in=["autorite", "territoire"])),
                name="deport_leve_avec_motif",
            ),
        ]

    @property
    def is_leve(self) -> bool:
        return self.leve_le is not None


class Notation(Horodate):
    """Les notes d’un membre sur un dossier, selon une version de la grille.

    `notes` : `{"<critère>": {"note": 0 à maximum, "commentaire": "…"}}`.
    """

    jure = models.ForeignKey(Jure, on_delete=models.RESTRICT, related_name="notations")
    reponse = models.ForeignKey(Reponse, on_delete=models.CASCADE, related_name="notations")
    grille = models.ForeignKey(Grille, on_delete=models.CASCADE, related_name="notations")
    notes = models.JSONField("notes", default=dict)
    avis = models.TextField("avis d’ensemble", blank=True)
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    empreinte = models.CharField("empreinte", max_length=64, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    motif_annulation = models.CharField("pourquoi", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jure", "reponse", "grille"],
                condition=Q(annulee_le__isnull=True),
                name="notation_unique",
            ),
            models.CheckConstraint(
                condition=Q(signee_le__isnull=True) ^ Q(empreinte__gt=""),
                name="notation_signee_a_son_empreinte",
            ),
        ]
        indexes = [models.Index(fields=["grille", "reponse"], name="notation_par_dossier")]

    @property
    def is_signee(self) -> bool:
        return self.signee_le is not None


class Resultat(Horodate):
    """Ce que le jury arrête pour un dossier. Public, ou dit au seul déposant, à la publication."""

    instruction = models.ForeignKey(Instruction, on_delete=models.CASCADE, related_name="resultats")
    reponse = models.OneToOneField(Reponse, on_delete=models.CASCADE, related_name="resultat")
    score = models.DecimalField("note sur 100", max_digits=5, decimal_places=2, null=True)
    rang_calcule = models.PositiveIntegerField("rang calculé", null=True)
    elimine = models.BooleanField("sous un seuil", default=False)
    moyennes = models.JSONField("moyenne par critère", default=dict)
    ecarts = models.JSONField("critères où le jury s’écarte", default=list)
    rang = models.PositiveIntegerField("rang arrêté", null=True, blank=True)
    motif_rang = models.TextField("pourquoi ce rang diffère", blank=True)
    issue = models.CharField("issue", max_length=14, choices=Issue, blank=True)
    montant = models.DecimalField(
        "montant accordé, en euros", max_digits=14, decimal_places=2, default=Decimal(0)
    )
    conditions = models.TextField("conditions", blank=True)
    motivation = models.TextField("motivation", blank=True)
    fixe_par = models.ForeignKey(Jure, on_delete=models.SET_NULL, null=True, related_name="+")
    fixe_le = models.DateTimeField("fixé le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issue=Issue.RETENU) | Q(montant=0), name="resultat_montant_si_retenu"
            ),
            models.CheckConstraint(
                condition=~Q(issue=Issue.NON_RETENU) | Q(motivation__gt=""),
                name="resultat_refus_motive",
            ),
            models.CheckConstraint(
                condition=~Q(issue=Issue.RETENU) | Q(elimine=False),
                name="resultat_elimine_non_retenu",
            ),
        ]
        indexes = [models.Index(fields=["instruction", "rang"], name="resultat_rang")]

    @property
    def issue_affichee(self) -> Issue | None:
        return Issue(self.issue) if self.issue else None
