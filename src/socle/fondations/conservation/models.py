from datetime import date

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.conservation.enums import (
    EtatBordereau,
    GenreBordereau,
    PointDeDepart,
    SortFinal,
)


class RegleDeConservation(ObjetDeCollectivite):
    """Durée, départ, sort final et source : une même règle pour le RGPD et les archives."""

    code = models.CharField("code", max_length=40)
    intitule = models.CharField("intitulé", max_length=200)
    duree_annees = models.PositiveSmallIntegerField("durée d’utilité administrative, en années")
    point_de_depart = models.CharField("point de départ", max_length=20, choices=PointDeDepart)
    sort_final = models.CharField("sort final", max_length=10, choices=SortFinal)
    source_juridique = models.CharField("source juridique", max_length=300)
    a_confirmer = models.BooleanField("à confirmer par les Archives départementales", default=False)
    communicabilite_code = models.CharField("règle de communicabilité", max_length=20, blank=True)
    communicabilite_annees = models.PositiveSmallIntegerField(
        "délai de communicabilité, en années", default=0
    )
    communicabilite_source = models.CharField("source du délai", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "code"], name="regle_code_unique"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="regle_code_bien_forme",
            ),
            models.CheckConstraint(
                condition=~Q(source_juridique=""), name="regle_a_une_source_juridique"
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def sort_en_clair(self) -> str:
        return SortFinal(self.sort_final).en_clair

    def compute_depart(self, *, depot: date, decision: date | None, cloture: date) -> date:
        """Donne le jour d’où la durée se compte, d’après les jours d’un dossier (heure de Paris).

        Sans décision, une règle qui part de la décision part de la clôture. L’année scolaire
        finit le 31 août, l’exercice le 31 décembre, comptés depuis la clôture.
        """
        if self.point_de_depart == PointDeDepart.DEPOT:
            return depot
        if self.point_de_depart == PointDeDepart.DECISION:
            return decision or cloture
        if self.point_de_depart == PointDeDepart.FIN_ANNEE_SCOLAIRE:
            annee = cloture.year if cloture <= date(cloture.year, 8, 31) else cloture.year + 1
            return date(annee, 8, 31)
        if self.point_de_depart == PointDeDepart.FIN_EXERCICE:
            return date(cloture.year, 12, 31)
        return cloture


class Bordereau(ObjetDeCollectivite):
    """Bordereau d’élimination : ce que l’on demande à détruire, et le visa qui le permet.

    Gardé sans fin : il prouve que la destruction était permise.
    Source : code du patrimoine, art. L. 212-2, L. 212-3 et R. 212-14.
    """

    genre = models.CharField(
        "genre", max_length=12, choices=GenreBordereau, default=GenreBordereau.ELIMINATION
    )
    etat = models.CharField(
        "état", max_length=8, choices=EtatBordereau, default=EtatBordereau.PROPOSE
    )
    propose_le = models.DateTimeField("proposé le")
    propose_par = models.CharField("proposé par", max_length=300)
    visa_par = models.CharField("visé par", max_length=300, blank=True)
    visa_le = models.DateField("date du visa", null=True, blank=True)
    visa_reference = models.CharField("référence du visa", max_length=100, blank=True)
    note_par = models.CharField("visa noté par", max_length=300, blank=True)
    motif = models.CharField("motif du refus", max_length=500, blank=True)
    execute_le = models.DateTimeField("exécuté le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=(EtatBordereau.PROPOSE, EtatBordereau.REFUSE))
                | (~Q(visa_par="") & ~Q(visa_reference="") & Q(visa_le__isnull=False)),
                name="bordereau_vise_a_un_visa",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatBordereau.EXECUTE) ^ Q(execute_le__isnull=True),
                name="bordereau_execute_a_une_date",
            ),
        ]
        indexes = [models.Index(fields=["collectivite", "-propose_le", "-id"])]

    def __str__(self) -> str:
        return f"Bordereau {self.pk}"

    @property
    def objet(self) -> str:
        """Nom du bordereau dans le journal : « bordereau:12 »."""
        return f"bordereau:{self.pk}"

    @property
    def is_a_viser(self) -> bool:
        return self.etat == EtatBordereau.PROPOSE

    @property
    def is_apres_versement(self) -> bool:
        """La copie d’ici s’efface parce que le service d’archives a le dossier."""
        return self.genre == GenreBordereau.VERSEMENT


class LigneDeBordereau(ObjetDeCollectivite):
    """Une ligne d’un bordereau. Aucun nom de personne : elle survit à ce qu’elle décrit.

    Après versement, elle garde la référence donnée par les archives : où retrouver le dossier.
    """

    bordereau = models.ForeignKey(Bordereau, on_delete=models.CASCADE, related_name="lignes")
    objet = models.CharField("objet", max_length=100)
    reference = models.CharField("référence", max_length=80)
    intitule = models.CharField("intitulé", max_length=300)
    regle = models.CharField("règle et source", max_length=600)
    debut = models.DateField("premier jour")
    fin = models.DateField("dernier jour")
    echue_le = models.DateField("fin de la durée d’utilité administrative")
    fichiers = models.PositiveIntegerField("nombre de fichiers", default=0)
    octets = models.BigIntegerField("taille des fichiers, en octets", default=0)
    tri = models.CharField("motif du tri", max_length=500, blank=True)
    archive_reference = models.CharField("référence aux archives", max_length=200, blank=True)
    archive_service = models.CharField("service d’archives", max_length=200, blank=True)
    archive_le = models.DateField("pris en charge le", null=True, blank=True)
    detruite_le = models.DateTimeField("détruite le", null=True, blank=True)
    ecartee = models.CharField("écartée parce que", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "objet"],
                condition=Q(ecartee=""),
                name="ligne_un_seul_bordereau",
            )
        ]
        indexes = [models.Index(fields=["collectivite", "bordereau", "reference"])]

    def __str__(self) -> str:
        return self.reference


class Tri(ObjetDeCollectivite):
    """Ce que l’archiviste a choisi pour un dossier dont la règle dit « tri » : garder, ou détruire.

    Sans nom d’usager. Se change tant que le dossier n’est pas détruit.
    """

    objet = models.CharField("objet", max_length=100)
    reference = models.CharField("référence", max_length=80)
    sort = models.CharField(
        "sort choisi",
        max_length=10,
        choices=[c for c in SortFinal.choices if c[0] != SortFinal.TRIER],
    )
    motif = models.CharField("motif", max_length=500)
    choisi_le = models.DateTimeField("choisi le")
    choisi_par = models.CharField("choisi par", max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "objet"], name="tri_un_par_objet"),
            models.CheckConstraint(
                condition=Q(sort__in=(SortFinal.CONSERVER, SortFinal.DETRUIRE)) & ~Q(motif=""),
                name="tri_tranche_et_motive",
            ),
        ]
        indexes = [models.Index(fields=["collectivite", "sort", "reference"], name="tri_par_sort")]

    def __str__(self) -> str:
        return f"{self.reference}, {self.get_sort_display()}"
