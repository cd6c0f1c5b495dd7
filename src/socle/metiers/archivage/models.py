from typing import Any

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import Collectivite, ObjetDeCollectivite
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.documents.models import Document
from socle.metiers.archivage.enums import (
    EN_ATTENTE,
    ENVOYES,
    REMIS,
    EtatVersement,
    SensDeReponse,
)

CODE_REFUS = "SOCLE.REFUS"
"""Seul contrôle d’un paquet que les archives ont refusé et qui se refait."""


class VersementQuerySet(models.QuerySet["Versement"]):
    def visible_by(self, collectivite: Collectivite) -> "VersementQuerySet":
        """Versements de la collectivité ; la base n’en montre de toute façon pas d’autre."""
        return self.filter(collectivite=collectivite)


class Versement(ObjetDeCollectivite):
    """Remise d’un dossier clos aux archives. L’état ne change que par les services.

    `dossier` est la référence de toute la chaîne (« <siren>-<année>-<numéro> »), `reference` celle
    du versement : la même, suivie de « -2 » pour le premier versement complémentaire. `regle` est
    la règle de conservation telle qu’elle était ce jour-là ; `controles` est un `Rapport` mis à
    plat ; `cle` dit ce qui a été versé, pour ne refaire un paquet que s’il change ; `envoi` monte
    quand un paquet refusé par le service d’archives se refait.
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
    envoi = models.PositiveSmallIntegerField("rang de l’envoi", default=1)

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
                condition=~Q(etat__in=ENVOYES) ^ Q(transmis_le__isnull=False),
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
        """Un contrôle ou le service d’archives l’a refusé, et le dossier est décidé."""
        return (self.is_bloque or self.is_refuse) and not self.is_rouvert

    @property
    def is_pret(self) -> bool:
        """Le paquet existe et n’est pas encore transmis."""
        return self.etat == EtatVersement.PRET

    @property
    def is_remis(self) -> bool:
        """Le service d’archives a le paquet, et ne l’a pas refusé."""
        return self.etat in REMIS

    @property
    def a_ete_envoye(self) -> bool:
        """Transmis au moins une fois : lui seul peut avoir des réponses."""
        return self.transmis_le is not None or self.envoi > 1

    @property
    def is_en_attente(self) -> bool:
        """Transmis, et le service d’archives n’a pas encore dit oui ou non."""
        return self.etat in EN_ATTENTE

    @property
    def is_accepte(self) -> bool:
        return self.etat == EtatVersement.ACCEPTE

    @property
    def is_refuse(self) -> bool:
        return self.etat == EtatVersement.REFUSE

    @property
    def message(self) -> str:
        """Identifiant du message, neuf à chaque envoi : une vieille réponse ne s’y prend pas."""
        return build_message(self.reference, self.envoi)

    @property
    def se_refait(self) -> bool:
        """Refusé par les archives, puis relancé : une tâche fait le nouveau paquet."""
        codes = [c["code"] for c in self.controles.get("controles", [])]
        return self.is_bloque and codes == [CODE_REFUS]

    @property
    def defauts(self) -> list[dict[str, Any]]:
        """Contrôles qui demandent une attention, les bloquants d’abord."""
        lignes = [c for c in self.controles.get("controles", []) if c["statut"] != "OK"]
        return sorted(lignes, key=lambda c: c["statut"] != "KO")

    @property
    def reussites(self) -> list[dict[str, Any]]:
        """Contrôles passés."""
        return [c for c in self.controles.get("controles", []) if c["statut"] == "OK"]


def build_message(reference: str, envoi: int) -> str:
    """Rend l’identifiant du message (`MessageIdentifier`) d’un versement à son n-ième envoi."""
    return reference if envoi == 1 else f"{reference}-envoi-{envoi}"


class ReponseDesArchives(ObjetDeCollectivite):
    """Ce que le service d’archives a répondu à un envoi. Une réponse retirée reste lisible."""

    versement = models.ForeignKey(Versement, on_delete=models.CASCADE, related_name="reponses")
    message = models.CharField("message auquel elle répond", max_length=100)
    sens = models.CharField("sens", max_length=8, choices=SensDeReponse)
    reserve = models.BooleanField("avec des remarques", default=False)
    date = models.DateField("date de la réponse")
    reference = models.CharField("référence donnée par les archives", max_length=200, blank=True)
    service = models.CharField("service d’archives", max_length=200, blank=True)
    identifiant = models.CharField("identifiant de la réponse", max_length=300, blank=True)
    motif = models.TextField("motif du refus", blank=True)
    evenements = models.JSONField("événements", default=list)
    unites = models.JSONField("identifiants donnés aux unités", default=dict)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    notee_le = models.DateTimeField("notée le")
    notee_par = models.CharField("notée par", max_length=300)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    retiree_par = models.CharField("retirée par", max_length=300, blank=True)
    motif_retrait = models.CharField("retirée parce que", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "versement", "message", "sens"],
                condition=Q(retiree_le__isnull=True),
                name="reponse_une_par_sens",
            ),
            models.CheckConstraint(
                condition=~Q(sens=SensDeReponse.ACCEPTE) | ~Q(reference=""),
                name="reponse_acceptee_a_une_reference",
            ),
            models.CheckConstraint(
                condition=~Q(sens=SensDeReponse.REFUSE) | ~Q(motif=""),
                name="reponse_refusee_a_un_motif",
            ),
            models.CheckConstraint(
                condition=Q(retiree_le__isnull=True) ^ ~Q(motif_retrait=""),
                name="reponse_retiree_a_un_motif",
            ),
        ]
        indexes = [
            models.Index(fields=["collectivite", "versement", "id"], name="reponse_du_versement")
        ]

    def __str__(self) -> str:
        return f"{self.sens_affiche.en_bref}, {self.message}"

    @property
    def sens_affiche(self) -> SensDeReponse:
        return SensDeReponse(self.sens)

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; une réponse retirée n’en a plus."""
        return "" if self.retiree_le else EtatVersement(self.sens).couleur

    @property
    def remarques(self) -> list[dict[str, str]]:
        """Événements qui demandent une attention, les refus d’abord."""
        lignes = [e for e in self.evenements if e.get("resultat") not in ("OK", "")]
        return sorted(lignes, key=lambda e: e.get("resultat") == "WARNING")
