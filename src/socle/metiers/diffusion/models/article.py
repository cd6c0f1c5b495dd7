"""Articles, et le compte de leurs lectures."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.metiers.diffusion.enums import EtatParution, GenreArticle, Theme


class Parution(Horodate):
    """Ce que l’équipe écrit puis publie : une adresse, des thèmes, des clés, une révision."""

    slug = models.SlugField("nom d’adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=150)
    resume = models.CharField("résumé", max_length=300, blank=True)
    texte = models.TextField("texte", blank=True)
    themes = ArrayField(
        models.CharField(max_length=15, choices=Theme),
        verbose_name="thèmes", default=list, blank=True,
    )  # fmt: skip
    liens = ArrayField(
        models.CharField(max_length=120), verbose_name="cite", default=list, blank=True
    )
    etat = models.CharField(
        "état", max_length=10, choices=EtatParution, default=EtatParution.BROUILLON
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    motif_retrait = models.CharField("pourquoi retiré", max_length=300, blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    recherche = models.TextField("texte de recherche", blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.titre

    @property
    def est_publie(self) -> bool:
        return self.etat == EtatParution.PUBLIE

    @property
    def libelles_themes(self) -> list[str]:
        return [Theme(theme).label for theme in self.themes if theme in Theme.values]


class Article(Parution):
    """Actualité, résultat ou parution dans la presse. Table publique de l’installation."""

    genre = models.CharField(
        "genre", max_length=10, choices=GenreArticle, default=GenreArticle.ACTUALITE
    )
    source = models.CharField("source des faits", max_length=300, blank=True)
    lien = models.URLField("adresse d’origine", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatParution.PUBLIE) | Q(publie_le__isnull=False),
                name="article_publie_a_une_date",
            )
        ]
        indexes = [
            models.Index(
                fields=["-publie_le", "-id"],
                condition=Q(etat=EtatParution.PUBLIE),
                name="article_parus",
            ),
            GinIndex(fields=["liens"], name="article_liens"),
        ]

    @property
    def cle(self) -> str:
        """Clé par laquelle les autres métiers le citent, et son nom au journal."""
        return f"article:{self.slug}"


class Audience(models.Model):
    """Lectures d’une page, par jour : un nombre, aucune trace de qui a lu."""

    objet = models.CharField("page", max_length=120)
    jour = models.DateField("jour")
    lectures = models.PositiveIntegerField("lectures", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objet", "jour"], name="audience_jour_unique")
        ]
