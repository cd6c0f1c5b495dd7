from typing import Any

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import Collectivite, ObjetDeCollectivite
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.documents.models import Document
from socle.metiers.archivage.enums import EtatVersement


class VersementQuerySet(models.QuerySet["Versement"]):
    def visible_by(self, collectivite: Collectivite) -> "VersementQuerySet":
        """Versements de la collectivité ; la base n’en montre de toute façon pas d’autre."""
        return self.filter(collectivite=collectivite)


class Versement(ObjetDeCollectivite):
    """Remise d’un dossier clos aux archives. L’état ne change que par les services.

    `dossier` est la référence de toute la chaîne (« <siren>-<année>-<numéro> »), `reference` celle
    du versement : la même, suivie de « -2 » pour le premier versement complémentaire. `regle` est
    la règle de conservation telle qu’elle était ce jour-là ; `controles` est un `Rapport` mis à
    plat ; `cle` dit ce qui a été versé, pour ne refaire un paquet que s’il change.
    """

    reference = models.CharField("référence", max_length=80)
    dossier = models.CharField("référence du dossier", max_length=80)
    cle = models.CharField("empreinte de ce qui est versé", max_length=64, blank=True, default="")
    precedent = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="complement",
        verbose_name="versement que celui-ci complète",
    )  # fmt: skip
    rouvert_le = models.DateTimeField("dossier rouvert le", null=True, blank=True)
    titre = models.CharField("titre", max_length=300)
    description = models.TextField("description", blank=True)
    producteur = models.CharField("service producteur", max_length=200)
    etat = models.CharField(
        "état", max_length=12, choices=EtatVersement, default=EtatVersement.PREPARATION
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    empreinte = models.CharField("empreinte SHA-512 du paquet", max_length=128, blank=True)
    taille = models.BigIntegerField("taille du paquet, en octets", default=0)
    nombre_pieces = models.PositiveIntegerField("nombre de pièces", default=0)
    controles = models.JSONField("contrôles", default=dict)
    regle = models.JSONField("règle de conservation appliquée")
    date_debut = models.DateField("premier jour du dossier")
    date_fin = models.DateField("dernier jour du dossier")
    conserver_jusqu_au = models.DateField("à conserver jusqu’au")
    prepare_le = models.DateTimeField("préparé le")
    transmis_le = models.DateTimeField("transmis le", null=True, blank=True)

    objects = VersementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "reference"], name="versement_reference_unique"
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatVersement.PREPARATION)
                ^ (Q(document__isnull=False) & Q(empreinte__regex=r"^[0-9a-f]{128}$")),
                name="versement_pret_a_un_paquet",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatVersement.TRANSMIS) ^ Q(transmis_le__isnull=False),
                name="versement_transmis_a_une_date",
            ),
        ]
        indexes = [
            models.Index(fields=["collectivite", "prepare_le", "id"], name="versement_par_date"),
            models.Index(fields=["collectivite", "dossier"], name="versement_du_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.titre}"

    @property
    def etat_affiche(self) -> EtatVersement:
        return EtatVersement(self.etat)

    @property
    def titre_affiche(self) -> str:
        """Titre, ou de quoi ouvrir un versement qui n’en a pas encore."""
        return self.titre.strip() or "Sans titre"

    @property
    def sort_final_affiche(self) -> str:
        """« Destruction », « Tri »… d’après la règle figée."""
        return SortFinal(self.regle["sort_final"]).label

    @property
    def is_bloque(self) -> bool:
        """Un contrôle à KO empêche de faire le paquet."""
        return self.etat == EtatVersement.PREPARATION

    @property
    def is_rouvert(self) -> bool:
        """Le dossier est rouvert : ce qui est versé, ou allait l’être, n’est plus vrai."""
        return self.rouvert_le is not None

    @property
    def attend_complement(self) -> bool:
        """Le dossier est rouvert, et rien ne remplace encore ce qui était versé."""
        return self.is_rouvert and getattr(self, "complement", None) is None

    @property
    def is_refaisable(self) -> bool:
        """L’archiviste peut relancer le versement : il a été refusé, le dossier est décidé."""
        return self.is_bloque and not self.is_rouvert

    @property
    def is_pret(self) -> bool:
        """Le paquet existe et n’est pas encore transmis."""
        return self.etat == EtatVersement.PRET

    @property
    def defauts(self) -> list[dict[str, Any]]:
        """Contrôles qui demandent une attention, les bloquants d’abord."""
        lignes = [c for c in self.controles.get("controles", []) if c["statut"] != "OK"]
        return sorted(lignes, key=lambda c: c["statut"] != "KO")

    @property
    def reussites(self) -> list[dict[str, Any]]:
        """Contrôles passés."""
        return [c for c in self.controles.get("controles", []) if c["statut"] == "OK"]
