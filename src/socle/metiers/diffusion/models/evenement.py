"""Évènements, inscriptions et avis."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from socle.fondations.commun.models import Horodate
from socle.metiers.diffusion.enums import EtatInscription, EtatParution, GenreEvenement
from socle.metiers.diffusion.models.article import Parution


class Evenement(Parution):
    """Forum, webinaire, salon ou atelier. Retiré, il est annulé et le dit."""

    genre = models.CharField("genre", max_length=10, choices=GenreEvenement)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = models.CharField("lieu", max_length=200, blank=True)
    visio = models.URLField("adresse de la visioconférence", max_length=300, blank=True)
    places = models.PositiveIntegerField("places", null=True, blank=True)
    rediffusion = models.URLField("adresse de la rediffusion", max_length=300, blank=True)
    supports = models.TextField("supports et résumé, après coup", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")), name="evenement_finit_apres_son_debut"
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatParution.PUBLIE) | Q(publie_le__isnull=False),
                name="evenement_publie_a_une_date",
            ),
        ]
        indexes = [
            models.Index(fields=["debut", "id"], name="evenement_par_date"),
            GinIndex(fields=["liens"], name="evenement_liens"),
        ]

    @property
    def cle(self) -> str:
        """Clé par laquelle les autres métiers le citent, et son nom au journal."""
        return f"evenement:{self.slug}"


class Inscription(Horodate):
    """Une personne inscrite. Un an après l’évènement, seule sa collectivité reste."""

    evenement = models.ForeignKey(Evenement, on_delete=models.CASCADE, related_name="inscriptions")
    # Vide une fois effacée : NULL, que la contrainte d’unicité ignore.
    courriel = models.EmailField("courriel", null=True, blank=True)  # noqa: DJ001
    nom = models.CharField("nom", max_length=100, blank=True)
    organisation = models.CharField("organisation", max_length=150, blank=True)
    autorite = models.CharField("collectivité", max_length=24, blank=True, db_index=True)
    accepte_contact = models.BooleanField("accepte d’être recontactée", default=False)
    etat = models.CharField("état", max_length=10, choices=EtatInscription)
    inscrite_le = models.DateTimeField("inscrite le")
    present = models.BooleanField("présente", null=True)
    rappelee_le = models.DateTimeField("rappelée le", null=True, blank=True)
    avis_demande_le = models.DateTimeField("avis demandé le", null=True, blank=True)
    avis_donne = models.BooleanField("a donné son avis", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evenement", "courriel"], name="inscription_evenement_unique"
            )
        ]
        indexes = [
            models.Index(fields=["courriel"], name="inscription_courriel"),
            models.Index(fields=["evenement", "etat", "id"], name="inscription_file"),
        ]

    def __str__(self) -> str:
        return f"inscription:{self.pk}"


class Avis(Horodate):
    """Satisfaction après un évènement ; rien ne dit de qui elle vient."""

    evenement = models.ForeignKey(Evenement, on_delete=models.CASCADE, related_name="avis")
    note = models.PositiveSmallIntegerField("note sur 5")
    remarque = models.CharField("remarque", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(note__gte=1) & Q(note__lte=5), name="avis_note_de_1_a_5"
            )
        ]
