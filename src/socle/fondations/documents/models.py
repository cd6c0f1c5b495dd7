"""Le document : ce que l’on sait d’un fichier. Ses octets sont dans l’entrepôt."""

from typing import Any

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.commun.identifiants import uuid7
from socle.fondations.commun.locataire import current_collectivite_id
from socle.fondations.documents.enums import EtatDocument

INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})


class DocumentQuerySet(models.QuerySet["Document"]):
    def presents(self) -> "DocumentQuerySet":
        """Ceux que personne n’a retirés."""
        return self.filter(retire_le__isnull=True)

    def courants(self) -> "DocumentQuerySet":
        """Ceux de la collectivité ouverte par `locataire` ; aucun sans elle."""
        return self.filter(collectivite_id=current_collectivite_id() or 0)


class Document(ObjetDeCollectivite):
    """Fichier joint à un objet. Le contenu ne change jamais : une correction est un autre document.

    `nom` est le nom d’origine nettoyé ; il ne sert qu’à l’affichage et au téléchargement.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    objet = models.CharField("joint à", max_length=120)
    nom = models.CharField("nom", max_length=200)
    type_mime = models.CharField("type", max_length=100)
    taille = models.BigIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    etat = models.CharField("état", max_length=20, choices=EtatDocument)
    menace = models.CharField("menace trouvée", max_length=200, blank=True)
    depose_par = models.CharField("déposé par", max_length=80)
    depose_le = models.DateTimeField("déposé le")
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_hexadecimal"
            ),
            models.CheckConstraint(condition=Q(taille__gt=0), name="document_non_vide"),
        ]
        indexes = [
            models.Index(fields=["collectivite", "objet"], name="document_objet"),
            models.Index(fields=["collectivite", "sha256"], name="document_contenu"),
            models.Index(
                fields=["collectivite", "depose_le"],
                condition=Q(etat=EtatDocument.EN_ATTENTE),
                name="document_en_attente",
            ),
            models.Index(
                fields=["collectivite", "retire_le"],
                condition=Q(retire_le__isnull=False),
                name="document_retire",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def chemin(self) -> str:
        """Place dans l’entrepôt, tirée de l’empreinte seule."""
        return build_chemin(self.collectivite_id, self.sha256)

    @property
    def est_ouvrable(self) -> bool:
        return self.etat in (EtatDocument.SAIN, EtatDocument.NON_ANALYSE)

    @property
    def est_visible_en_ligne(self) -> bool:
        """Vrai si le navigateur peut le montrer sans le télécharger."""
        return self.est_ouvrable and self.type_mime in INLINE

    def describe(self) -> dict[str, Any]:
        """Ce qu’une réponse JSON en dit."""
        return {
            "id": str(self.pk),
            "nom": self.nom,
            "type_mime": self.type_mime,
            "taille": self.taille,
            "sha256": self.sha256,
            "etat": self.etat,
        }


def build_chemin(collectivite_id: int, sha256: str) -> str:
    """Rend « 17/ab/cd/abcd… » : deux niveaux de dossiers, jamais un nom choisi par quelqu’un."""
    return f"{int(collectivite_id)}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
