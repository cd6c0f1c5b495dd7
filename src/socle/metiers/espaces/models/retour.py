"""Les retours d’expérience, selon un même modèle. Table sans locataire."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.enums import Theme
from socle.fondations.commun.models import Horodate
from socle.metiers.espaces.enums import EtatRetour


class RetourDExperience(Horodate):
    """Ce qu’une collectivité a fait et ce qu’elle en retient, relu avant de paraître."""

    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    theme = models.CharField("thème", max_length=16, choices=Theme)
    autorite = models.CharField("clé de la collectivité", max_length=24, db_index=True)
    nom_autorite = models.CharField("collectivité", max_length=200)
    contexte = models.TextField("contexte")
    besoin = models.TextField("besoin")
    realise = models.TextField("ce qui a été fait")
    cout = models.CharField("coût", max_length=200, blank=True)
    duree = models.CharField("durée", max_length=200, blank=True)
    resultat = models.TextField("résultat")
    autrement = models.TextField("ce que nous ferions autrement")
    contact = models.EmailField("adresse publique où écrire", blank=True)
    liens = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatRetour, default=EtatRetour.BROUILLON)
    mot = models.CharField("mot de l’équipe", max_length=500, blank=True)
    propose_par = models.CharField("acteur", max_length=120)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    fictif = models.BooleanField("exemple fictif", default=False)
    mots = models.TextField("mots où l’on cherche", default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatRetour.PUBLIE) | Q(publie_le__isnull=False),
                name="retour_publie_a_sa_date",
            )
        ]
        indexes = [
            models.Index(fields=["etat", "-publie_le", "-id"], name="retour_publies"),
            GinIndex(fields=["liens"], name="retour_liens"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        return f"retour:{self.slug}"

    @property
    def is_publie(self) -> bool:
        return self.etat == EtatRetour.PUBLIE

    @property
    def etat_affiche(self) -> EtatRetour:
        return EtatRetour(self.etat)

    @property
    def is_modifiable(self) -> bool:
        """Vrai tant que la collectivité a la main."""
        return self.etat in (EtatRetour.BROUILLON, EtatRetour.A_REPRENDRE)
