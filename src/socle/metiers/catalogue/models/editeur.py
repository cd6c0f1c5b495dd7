"""Éditeurs, leurs représentants, leurs versions, leurs essais ; clauses à reprendre."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from socle.fondations.commun.models import Horodate
from socle.fondations.commun.presentation import Etat
from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import GenreEditeur, Statut, ThemeClause
from socle.metiers.catalogue.models.solution import Solution, liste


class Editeur(Horodate):
    """Organisme qui fait, ou qui porte, une solution."""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    nom = models.CharField("nom", max_length=150)
    nom_tri = models.CharField("clé de tri sans accent", max_length=150, default="")
    genre = models.CharField("genre", max_length=12, choices=GenreEditeur)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    site = models.URLField("site", max_length=300, blank=True)
    description = models.TextField("description", blank=True)
    sources = models.JSONField("sources", default=list, blank=True)
    liens = liste(120)

    class Meta:
        indexes = [
            models.Index(fields=["nom_tri", "id"], name="editeur_liste"),
            GinIndex(fields=["liens"], name="editeur_liens"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def cle(self) -> str:
        return f"editeur:{self.slug}"


class Representant(Horodate):
    """Un agent du rôle « éditeur » qui parle au nom d’un éditeur."""

    editeur = models.ForeignKey(Editeur, on_delete=models.CASCADE, related_name="representants")
    compte = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["editeur", "compte"], name="representant_unique")
        ]
        indexes = [models.Index(fields=["compte"], name="representant_compte")]


class InvitationEditeur(Horodate):
    """Lien qui fait d’une personne, agent public ou non, le représentant d’un éditeur.

    Il prouve l’adresse et sert une fois. Seule l’empreinte du jeton est gardée.
    """

    editeur = models.ForeignKey(Editeur, on_delete=models.CASCADE, related_name="invitations")
    courriel = models.EmailField("courriel")
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True)
    envoyee_le = models.DateTimeField("envoyée le")
    expire_le = models.DateTimeField("expire le")
    envoyee_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acceptee_le__isnull=True) | models.Q(annulee_le__isnull=True),
                name="invitation_editeur_une_fin",
            )
        ]
        indexes = [models.Index(fields=["editeur", "-envoyee_le"], name="invitation_editeur_liste")]


class ReponseEditeur(Horodate):
    """Ce qu’un éditeur répond ou précise sur une fiche ; toujours montré comme venant de lui."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="reponses")
    editeur = models.ForeignKey(Editeur, on_delete=models.PROTECT, related_name="reponses")
    auteur = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    texte = models.TextField("texte")
    publiee_le = models.DateTimeField("publiée le")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["solution", "-publiee_le"], name="reponse_editeur_fil")]


class VersionProduit(Horodate):
    """Version d’une solution, sur laquelle portent des essais."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="versions")
    numero = models.CharField("numéro", max_length=40)
    sortie_le = models.DateField("sortie le", null=True, blank=True)
    notes = models.TextField("notes", blank=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["solution", "numero"], name="version_produit_unique")
        ]

    def __str__(self) -> str:
        return self.numero


class EssaiProduit(Horodate):
    """Ce qu’un de nos bancs a mesuré sur une version ; jamais effacé, le dernier fait foi."""

    version = models.ForeignKey(VersionProduit, on_delete=models.CASCADE, related_name="essais")
    banc = models.CharField("banc, et son schéma", max_length=80)
    banc_titre = models.CharField("titre du banc", max_length=150)
    banc_version = models.CharField("version du banc", max_length=40)
    statut = models.CharField("statut", max_length=14, choices=Statut)
    constats = models.JSONField("constats", default=list)
    empreinte = models.CharField("empreinte SHA-256 de la preuve", max_length=64)
    nom_fichier = models.CharField("fichier", max_length=150, blank=True)
    joue_le = models.DateTimeField("joué le")
    joue_par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["version", "banc", "-joue_le"], name="essai_produit_fil")]

    @property
    def affiche(self) -> Etat:
        """Le statut public, « déclaré » quand nous ne l’avons pas mesuré."""
        return Statut(self.statut).describe(self.constats)

    @property
    def resume(self) -> str:
        """Le banc et son verdict, en une ligne."""
        return Statut(self.statut).sum_up(self.banc_titre, self.constats)


class Clause(Horodate):
    """Texte à reprendre dans un marché ; écrit par nous, à relire par un juriste."""

    slug = models.SlugField("adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    theme = models.CharField("thème", max_length=15, choices=ThemeClause)
    pourquoi = models.TextField("à quoi elle sert", blank=True)
    fondement = models.CharField("texte ou norme", max_length=300, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    liens = liste(120)

    class Meta:
        indexes = [
            models.Index(fields=["theme", "titre", "id"], name="clause_liste"),
            GinIndex(fields=["liens"], name="clause_liens"),
        ]

    def __str__(self) -> str:
        return self.titre


class VersionClause(Horodate):
    """Rédaction d’une clause. Publiée, elle ne change plus : on en écrit une autre."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField("version")
    texte = models.TextField("texte")
    changement = models.CharField("ce qui change", max_length=300, blank=True)
    publiee_le = models.DateTimeField("publiée le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause", "numero"], name="version_clause_unique")
        ]
