"""Les groupes, leurs membres et ce qu’ils font ensemble. Tables sans locataire.

Tout ce qui est écrit pointe vers l’appartenance de son auteur, jamais vers son compte : la
personne part, la ligne reste, avec le nom de son organisation.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from socle.fondations.commun.models import Horodate
from socle.fondations.documents.services.programme import build_adresse_fichier
from socle.metiers.espaces.enums import (
    AccesGroupe,
    EtatEntree,
    EtatGroupe,
    EtatTache,
    GenreSujet,
    RoleGroupe,
    SensEntree,
)


class GroupeDeTravail(Horodate):
    """Espace d’agents de plusieurs organisations, ouvert ou restreint à ses membres."""

    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    nom = models.CharField("nom", max_length=120)
    but = models.TextField("à quoi il sert")
    acces = models.CharField("accès", max_length=10, choices=AccesGroupe)
    etat = models.CharField("état", max_length=10, choices=EtatGroupe, default=EtatGroupe.ACTIF)
    liens = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    mots = models.TextField("mots où l’on cherche", default="", blank=True)

    class Meta:
        indexes = [GinIndex(fields=["liens"], name="groupe_liens")]

    def __str__(self) -> str:
        return self.nom

    @property
    def cle(self) -> str:
        return f"groupe:{self.slug}"

    @property
    def is_public(self) -> bool:
        return self.acces == AccesGroupe.PUBLIC

    @property
    def is_archive(self) -> bool:
        return self.etat == EtatGroupe.ARCHIVE


class MembreDeGroupe(Horodate):
    """Appartenance d’un agent à un groupe ; partie, elle reste et signe ce qu’il a écrit."""

    groupe = models.ForeignKey(GroupeDeTravail, on_delete=models.CASCADE, related_name="membres")
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="groupes",
    )  # fmt: skip
    role = models.CharField("rôle", max_length=10, choices=RoleGroupe, default=RoleGroupe.MEMBRE)
    organisation = models.CharField("organisation", max_length=200)
    entre_le = models.DateTimeField("entré le")
    sorti_le = models.DateTimeField("sorti le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["groupe", "compte"],
                condition=Q(sorti_le__isnull=True),
                name="membre_groupe_unique",
            )
        ]

    @property
    def is_present(self) -> bool:
        return self.sorti_le is None and self.compte_id is not None

    @property
    def is_animateur(self) -> bool:
        return self.is_present and self.role == RoleGroupe.ANIMATEUR

    @property
    def nom_affiche(self) -> str:
        """« Ada Fournel, Clamart » ; l’organisation seule après le départ."""
        if not self.is_present or self.compte is None:
            return self.organisation
        return f"{self.compte.nom_affiche}, {self.organisation}"


class EntreeEnGroupe(Horodate):
    """Invitation par courriel, ou demande d’un agent : en attente d’une réponse, puis close."""

    groupe = models.ForeignKey(GroupeDeTravail, on_delete=models.CASCADE, related_name="entrees")
    sens = models.CharField("sens", max_length=10, choices=SensEntree)
    courriel = models.EmailField("courriel")
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    organisation = models.CharField("organisation", max_length=200, blank=True)
    message = models.CharField("message", max_length=500, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatEntree, default=EtatEntree.ATTENTE)
    faite_le = models.DateTimeField("faite le")
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "groupe", Lower("courriel"), condition=Q(etat=EtatEntree.ATTENTE),
                name="entree_groupe_unique",
            )
        ]  # fmt: skip
        indexes = [models.Index(Lower("courriel"), name="entree_courriel")]


class Sujet(Horodate):
    """Nouvelle, question ou document d’un groupe ; on y répond par des commentaires."""

    groupe = models.ForeignKey(GroupeDeTravail, on_delete=models.CASCADE, related_name="sujets")
    genre = models.CharField("genre", max_length=10, choices=GenreSujet)
    titre = models.CharField("titre", max_length=150)
    texte = models.TextField("texte", blank=True)
    auteur = models.ForeignKey(MembreDeGroupe, on_delete=models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField("écrit le")
    reponse = models.ForeignKey(
        "Commentaire", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    mots = models.TextField("mots où l’on cherche", default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(genre=GenreSujet.QUESTION) | Q(reponse__isnull=True),
                name="sujet_reponse_d_une_question",
            )
        ]
        indexes = [models.Index(fields=["groupe", "genre", "-ecrit_le"], name="sujet_liste")]

    @property
    def is_question(self) -> bool:
        return self.genre == GenreSujet.QUESTION

    @property
    def is_document(self) -> bool:
        return self.genre == GenreSujet.DOCUMENT


class Commentaire(Horodate):
    """Commentaire d’une nouvelle ou d’un document, ou réponse à une question."""

    sujet = models.ForeignKey(Sujet, on_delete=models.CASCADE, related_name="commentaires")
    texte = models.TextField("texte")
    auteur = models.ForeignKey(MembreDeGroupe, on_delete=models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField("écrit le")
    mots = models.TextField("mots où l’on cherche", default="", blank=True)


class VersionDeDocument(Horodate):
    """Version d’un document de groupe ; les anciennes restent lisibles."""

    sujet = models.ForeignKey(Sujet, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    fichier = models.UUIDField("document")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    taille = models.BigIntegerField("taille en octets")
    note = models.CharField("ce qui change", max_length=300, blank=True)
    auteur = models.ForeignKey(MembreDeGroupe, on_delete=models.PROTECT, related_name="+")
    deposee_le = models.DateTimeField("déposée le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sujet", "numero"], name="version_document_unique")
        ]

    @property
    def url(self) -> str:
        return build_adresse_fichier(self.fichier)


class Tache(Horodate):
    """Ce qu’un membre doit faire, pour quand."""

    groupe = models.ForeignKey(GroupeDeTravail, on_delete=models.CASCADE, related_name="taches")
    titre = models.CharField("tâche", max_length=150)
    responsable = models.ForeignKey(
        MembreDeGroupe, on_delete=models.PROTECT, null=True, blank=True, related_name="taches"
    )
    echeance = models.DateField("pour le", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=EtatTache, default=EtatTache.A_FAIRE)
    auteur = models.ForeignKey(MembreDeGroupe, on_delete=models.PROTECT, related_name="+")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatTache.FAITE) ^ Q(faite_le__isnull=True),
                name="tache_faite_a_sa_date",
            )
        ]
        indexes = [
            models.Index(F("groupe"), F("echeance").asc(nulls_last=True), name="tache_liste")
        ]
