"""Actions et recommandations, leur fiche, et les preuves de leur avancement."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from socle.fondations.commun.models import Horodate
from socle.fondations.comptes.models import Compte
from socle.metiers.pilotage.enums import EtatAction, Horizon
from socle.metiers.pilotage.models.base import ObjetDuProgramme, champ_liens
from socle.metiers.pilotage.models.programme import Axe, Programme

# Rubriques de la fiche de 2015 : champ → titre montré.
RUBRIQUES = {
    "objectifs": "Objectifs",
    "resultats": "Résultats attendus",
    "fait": "Ce qui est fait",
    "a_faire": "Ce qui reste à démarrer",
    "enjeux": "Enjeux",
    "propositions": "Propositions",
    "facteurs": "Facteurs de réussite",
    "calendrier": "Calendrier",
    "experimentation": "Expérimentation",
    "territoires": "Territoires",
    "couverture": "Couverture juridique",
    "couts": "Coûts",
    "gains": "Gains",
    "modele": "Modèle économique",
    "effet_prive": "Effet sur le secteur privé",
}


class FicheDuProgramme(ObjetDuProgramme):
    """Fiche d’une action ou d’une recommandation. L’état ne change qu’avec une preuve."""

    code = models.SlugField(max_length=60, unique=True)  # « 2018-2020-1-3 »
    numero = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField(max_length=300)
    court = models.CharField("titre court", max_length=80, blank=True)
    resume = models.TextField("résumé", blank=True)
    objectifs = models.TextField(blank=True)
    resultats = models.TextField("résultats attendus", blank=True)
    fait = models.TextField("ce qui est fait", blank=True)
    a_faire = models.TextField("ce qui reste à démarrer", blank=True)
    enjeux = models.TextField(blank=True)
    propositions = models.TextField(blank=True)
    facteurs = models.TextField("facteurs de réussite", blank=True)
    calendrier = models.TextField(blank=True)
    experimentation = models.TextField("expérimentation", blank=True)
    territoires = models.TextField("territoires de l’expérimentation", blank=True)
    couverture = models.TextField("couverture juridique", blank=True)
    couts = models.TextField("coûts", blank=True)
    gains = models.TextField(blank=True)
    modele = models.TextField("modèle économique", blank=True)
    effet_prive = models.TextField("effet sur le secteur privé", blank=True)
    pilotes = models.TextField("pilotes", blank=True)
    partenaires = models.TextField(blank=True)
    horizon = models.CharField(max_length=10, choices=Horizon, blank=True)
    etat = models.CharField(
        "état", max_length=12, choices=EtatAction, default=EtatAction.A_DEMARRER
    )
    avancement = models.PositiveSmallIntegerField("avancement, en %", null=True, blank=True)
    source = models.TextField(blank=True)
    liens = champ_liens()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.titre

    @property
    def titre_court(self) -> str:
        return self.court or self.titre

    @property
    def etat_affiche(self) -> EtatAction:
        return EtatAction(self.etat)

    @property
    def rubriques(self) -> list[tuple[str, str]]:
        """Rubriques remplies de la fiche : titre et texte, dans l’ordre de la fiche."""
        return [(titre, texte) for nom, titre in RUBRIQUES.items() if (texte := getattr(self, nom))]


class Action(FicheDuProgramme):
    """Ce que le programme fait, dans un axe."""

    axe = models.ForeignKey(Axe, on_delete=models.PROTECT, related_name="actions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["axe", "numero"], name="action_unique"),
            models.CheckConstraint(
                condition=Q(avancement=None) | Q(avancement__lte=100), name="action_avancement"
            ),
        ]
        indexes = [GinIndex(fields=["liens"], name="action_liens")]

    @property
    def cle(self) -> str:
        return f"action:{self.code}"


class Recommandation(FicheDuProgramme):
    """Ce que le programme conseille ; une recommandation transversale n’a pas d’axe."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="recommandations"
    )
    axe = models.ForeignKey(
        Axe, on_delete=models.PROTECT, null=True, blank=True, related_name="recommandations"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(avancement=None) | Q(avancement__lte=100),
                name="recommandation_avancement",
            )
        ]
        indexes = [GinIndex(fields=["liens"], name="recommandation_liens")]

    @property
    def cle(self) -> str:
        return f"recommandation:{self.code}"


class Preuve(Horodate):
    """Ce qui montre qu’une action avance : un texte, une adresse ou une clé. Ne se modifie pas."""

    cible = models.CharField(max_length=120)  # « action:2018-2020-1-3 »
    etat_avant = models.CharField(max_length=12, choices=EtatAction)
    etat = models.CharField("état", max_length=12, choices=EtatAction)
    avancement_avant = models.PositiveSmallIntegerField(null=True)
    avancement = models.PositiveSmallIntegerField("avancement, en %", null=True)
    texte = models.TextField(blank=True)
    adresse = models.URLField(max_length=500, blank=True)
    lien = models.CharField(max_length=120, blank=True)
    date_constat = models.DateField("date du constat")
    par = models.ForeignKey(Compte, on_delete=models.SET_NULL, null=True, related_name="+")
    par_nom = models.CharField("par", max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte="", adresse="", lien=""), name="preuve_montre_quelque_chose"
            )
        ]
        indexes = [models.Index(fields=["cible", "-date_constat"], name="preuve_cible")]

    @property
    def etat_affiche(self) -> EtatAction:
        return EtatAction(self.etat)
