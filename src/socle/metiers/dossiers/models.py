"""Dossier, ses faits, ses messages, ses corrections et les consultations de données."""

from datetime import date, datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from socle.fondations.collectivites.models import Collectivite, ObjetDeCollectivite
from socle.fondations.commun.models import ChampChiffre
from socle.fondations.comptes.models import Compte
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.dossiers.enums import (
    OUVERTS,
    TERMINES,
    Canal,
    EtatDossier,
    Fait,
    Lettre,
    Moyen,
    SuiteDuPli,
)

SANS_ECHEANCE = date(9999, 12, 31)


class Dossier(ObjetDeCollectivite):
    """Une demande. L’état ne change que par `dossiers.services`."""

    numero = models.IntegerField(
        "numéro", primary_key=True, db_default=Func(Value("dossiers_numero"), function="nextval")
    )
    demarche = models.ForeignKey(Demarche, on_delete=models.PROTECT, related_name="dossiers")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="dossiers")
    etat = models.CharField(
        "état", max_length=16, choices=EtatDossier, default=EtatDossier.BROUILLON
    )
    canal = models.CharField("canal", max_length=10, choices=Canal, default=Canal.EN_LIGNE)
    usager = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    jeton = models.CharField("empreinte du jeton d’invité", max_length=64, blank=True)
    reprise = models.CharField(
        "empreinte du lien de reprise", max_length=64, blank=True, default="", db_default=""
    )
    reprise_expire_le = models.DateTimeField("fin du lien de reprise", null=True, blank=True)
    reprise_courriel = models.EmailField(
        "boîte qui reçoit les liens de reprise", blank=True, default="", db_default=""
    )
    expiration_annoncee_le = models.DateTimeField(
        "effacement prochain annoncé le", null=True, blank=True
    )
    saisi_par = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    demandeur = models.CharField("demandeur", max_length=300, blank=True)
    courriel = models.EmailField("courriel de contact", blank=True)
    identite = ChampChiffre("identité pivot (JSON)", null=True, blank=True)
    version_ecartee = models.BigIntegerField(
        "nouvelle version que la personne a écartée", default=0, db_default=0
    )
    revision = models.PositiveIntegerField("révision", default=0)
    onglet = models.CharField(
        "page qui enregistre au fil de la saisie",
        max_length=32,
        blank=True,
        default="",
        db_default="",
    )
    reponses = models.JSONField("réponses", default=dict)
    correction = models.JSONField("réponses en cours de correction", null=True, blank=True)
    projection = models.JSONField("colonnes de la liste", default=dict)
    recherche = SearchVectorField(null=True, editable=False)
    reference = models.CharField("référence", max_length=40, blank=True)
    depose_le = models.DateTimeField("déposé le", null=True, blank=True)
    echeance = models.DateField("date où le silence vaut décision", null=True, blank=True)
    accord_portail = models.BooleanField("accepte d’être notifié par le portail", default=False)
    suivi_par = models.ForeignKey(
        Compte, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers_suivis"
    )
    attend_correction = models.BooleanField("attend une correction", default=False)
    message_non_lu = models.BooleanField("message de l’usager non lu", default=False)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    motif = models.TextField("motif", blank=True)
    decision_disponible_le = models.DateTimeField(null=True, blank=True)
    decision_consultee_le = models.DateTimeField(null=True, blank=True)
    accuse_id = models.UUIDField("accusé (document)", null=True, blank=True)
    decision_id = models.UUIDField("décision (document)", null=True, blank=True)
    sel = models.BinaryField("sel des engagements du journal", max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "reference"],
                condition=~Q(reference=""),
                name="dossier_reference_unique",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDossier.BROUILLON, reference="", depose_le__isnull=True)
                | (~Q(etat=EtatDossier.BROUILLON) & ~Q(reference="") & Q(depose_le__isnull=False)),
                name="dossier_depose_a_date_et_reference",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=TERMINES) ^ Q(decide_le__isnull=True),
                name="dossier_termine_a_une_date",
            ),
        ]
        indexes = [
            models.Index(
                F("collectivite"), F("demarche"), F("etat"), F("depose_le").desc(),
                F("numero").desc(), name="dossier_liste",
            ),
            models.Index(
                F("collectivite"), F("etat"), F("depose_le").desc(), F("numero").desc(),
                name="dossier_file",
            ),
            # La file des agents et ses nombres, sans lire les dossiers eux-mêmes.
            models.Index(
                F("collectivite"), Coalesce("echeance", Value(SANS_ECHEANCE)), F("numero"),
                condition=Q(etat__in=OUVERTS), name="dossier_pression",
                include=(
                    "echeance", "attend_correction", "message_non_lu", "suivi_par", "demarche",
                ),
            ),
            models.Index(fields=["collectivite", "usager"], name="dossier_usager"),
            models.Index(
                fields=["collectivite"], condition=Q(attend_correction=True, etat__in=OUVERTS),
                include=("message_non_lu", "demarche"), name="dossier_chez_usager",
            ),
            models.Index(
                fields=["collectivite", "suivi_par"], include=("demarche",),
                condition=Q(etat__in=OUVERTS, suivi_par__isnull=False), name="dossier_suivi_par",
            ),
            GinIndex(fields=["collectivite", "recherche"], gin_pending_list_limit=256,
                     name="dossier_recherche"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Dossier {self.numero}"

    @property
    def is_brouillon(self) -> bool:
        return self.etat == EtatDossier.BROUILLON

    @property
    def is_termine(self) -> bool:
        return self.etat in TERMINES

    @property
    def version_plus_recente(self) -> int | None:
        """Version publiée depuis que ce brouillon a commencé, si la démarche est ouverte.

        Connue d’un dossier lu par `queries.find_dossier` ; None sinon.
        """
        publiee: int | None = getattr(self, "version_publiee", None)
        ouverte = self.is_brouillon and self.demarche.is_ouverte
        return publiee if ouverte and publiee != self.version_id else None

    @property
    def is_version_a_proposer(self) -> bool:
        """Vrai tant que la personne n’a pas choisi de rester sur l’ancien formulaire."""
        nouvelle = self.version_plus_recente
        return nouvelle is not None and nouvelle != self.version_ecartee

    @property
    def is_modifiable_par_usager(self) -> bool:
        """Vrai en brouillon, et après dépôt tant que l’instruction n’a pas commencé."""
        return self.etat in (EtatDossier.BROUILLON, EtatDossier.EN_CONSTRUCTION)

    @property
    def depose_instant(self) -> datetime:
        """Instant du dépôt ; n’a pas de sens sur un brouillon.

        Raises:
            ValueError: le dossier n’est pas déposé.
        """
        if self.depose_le is None:
            raise ValueError(f"Le dossier {self.numero} n’est pas déposé.")
        return self.depose_le

    @property
    def objet(self) -> str:
        """Nom du dossier dans le journal et les documents : « dossier:44171 »."""
        return f"dossier:{self.numero}"


class Evenement(ObjetDeCollectivite):
    """Ce qui est arrivé au dossier, dans l’ordre : le fil que lisent usager, agent, archiviste."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="evenements")
    fait = models.CharField("fait", max_length=32, choices=Fait)
    instant = models.DateTimeField("instant")
    auteur = models.ForeignKey(Compte, on_delete=models.PROTECT, null=True, related_name="+")
    auteur_nom = models.CharField("auteur", max_length=300, blank=True)
    detail = models.TextField("détail", blank=True)
    document_id = models.UUIDField("document", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["collectivite", "dossier", "instant"])]


class ReponseChangee(ObjetDeCollectivite):
    """Histoire d’un champ après le dépôt : avant, après, qui, quand."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="changements")
    champ = models.CharField("champ", max_length=100)
    libelle = models.CharField("libellé", max_length=300)
    avant = models.TextField("avant", blank=True)
    apres = models.TextField("après", blank=True)
    instant = models.DateTimeField("instant")
    auteur_nom = models.CharField("auteur", max_length=300)

    class Meta:
        indexes = [models.Index(fields=["collectivite", "dossier", "instant"])]


class Message(ObjetDeCollectivite):
    """Échange entre l’usager et le service, attaché au dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="messages")
    instant = models.DateTimeField("instant")
    auteur = models.ForeignKey(Compte, on_delete=models.PROTECT, null=True, related_name="+")
    auteur_nom = models.CharField("auteur", max_length=300)
    par_agent = models.BooleanField("écrit par un agent")
    corps = models.TextField("message")
    correction = models.BooleanField("demande une correction", default=False)
    lu_le = models.DateTimeField("lu le", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["collectivite", "dossier", "instant"])]


class EnvoiPostal(ObjetDeCollectivite):
    """Une lettre envoyée ou remise sur papier, et le jour où la personne l’a reçue."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="envois_postaux")
    lettre = models.CharField("lettre", max_length=10, choices=Lettre)
    document_id = models.UUIDField("document")
    moyen = models.CharField("moyen", max_length=12, choices=Moyen)
    date_envoi = models.DateField("date d’envoi ou de remise")
    numero = models.CharField("numéro du recommandé", max_length=20, blank=True)
    suite = models.CharField("suite", max_length=12, choices=SuiteDuPli, blank=True)
    date_suite = models.DateField("date portée par La Poste", null=True, blank=True)
    annule = models.BooleanField("saisi par erreur", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "dossier", "lettre", "document_id"],
                condition=Q(suite="", annule=False, moyen=Moyen.RECOMMANDE),
                name="envoi_postal_en_cours_unique",
            ),
            models.CheckConstraint(
                condition=Q(suite="", date_suite__isnull=True)
                | (~Q(suite="") & Q(date_suite__gte=F("date_envoi"))),
                name="envoi_postal_suite_datee",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["collectivite", "dossier"], name="envoi_postal_dossier")]


class NoteInterne(ObjetDeCollectivite):
    """Note d’un agent pour ses collègues : jamais montrée à l’usager, jamais versée."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="notes")
    auteur = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    corps = models.CharField("note", max_length=4000)
    ecrite_le = models.DateTimeField("écrite le")
    changee_le = models.DateTimeField("changée le", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["collectivite", "dossier"], name="note_dossier")]


class PhrasePrete(ObjetDeCollectivite):
    """Texte prêt à insérer, pour toutes les démarches de la collectivité ou pour une seule."""

    demarche = models.ForeignKey(
        Demarche, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    titre = models.CharField("nom", max_length=80)
    corps = models.CharField("texte", max_length=4000)
    revision = models.PositiveIntegerField("révision", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "demarche", "titre"], nulls_distinct=False,
                name="phrase_titre_unique",
            )
        ]  # fmt: skip


class AppelSource(ObjetDeCollectivite):
    """Trace d’un appel à un service de l’État, montrée à la personne (CRPA, R. 114-9-7)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="appels")
    source = models.CharField("source", max_length=50)
    organisme = models.CharField("organisme", max_length=200)
    finalite = models.CharField("finalité", max_length=300)
    donnees = models.JSONField("données demandées", default=list)
    endpoint = models.CharField("adresse appelée", max_length=200)
    statut = models.PositiveSmallIntegerField("code HTTP")
    identifiant = models.CharField("identifiant de la requête", max_length=100, blank=True)
    instant = models.DateTimeField("instant")

    class Meta:
        indexes = [models.Index(fields=["collectivite", "dossier", "instant"])]


class Consultation(ObjetDeCollectivite):
    """Un agent a ouvert le dossier : une ligne par agent et par heure."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="consultations")
    agent = models.ForeignKey(Compte, on_delete=models.PROTECT, related_name="+")
    agent_nom = models.CharField("agent", max_length=300)
    heure = models.DateTimeField("heure")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "dossier", "agent", "heure"],
                                    name="consultation_une_par_heure")
        ]  # fmt: skip


class DossierDeLaPersonne(models.Model):
    """Liste d’un usager à travers les collectivités. Tenue par personne (RLS `socle.personne`)."""

    numero = models.IntegerField(primary_key=True)
    personne = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="+")
    titre = models.CharField("démarche", max_length=150)
    etat = models.CharField("état", max_length=16, choices=EtatDossier)
    attend_correction = models.BooleanField(default=False)
    modifie_le = models.DateTimeField("modifié le")

    class Meta:
        indexes = [models.Index(F("personne"), F("modifie_le").desc(), name="personne_dossiers")]


class Compteur(models.Model):
    """Nombre de dossiers par démarche et par état, tenu par un déclencheur."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="+")
    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="+")
    etat = models.CharField(max_length=16, choices=EtatDossier)
    nombre = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "demarche", "etat"], name="compteur_unique"
            )
        ]


class Mesure(models.Model):
    """Usage par jour, par canal et par issue : survit aux purges, tenue par un déclencheur."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="+")
    demarche_id = models.BigIntegerField("démarche")
    jour = models.DateField("jour")
    fait = models.CharField("fait", max_length=16)
    canal = models.CharField("canal", max_length=10, choices=Canal)
    nombre = models.IntegerField(default=0)
    duree_totale = models.FloatField("secondes jusqu’à la décision, cumulées", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "demarche_id", "jour", "fait", "canal"],
                name="mesure_unique",
            )
        ]


class Mot(models.Model):
    """Mot qu’un dossier au moins contient : le vocabulaire qui corrige les fautes de frappe.

    Tenu par un déclencheur (migration 0004) : il part avec le dernier dossier qui le porte.
    """

    pk = models.CompositePrimaryKey("collectivite", "mot")
    collectivite = models.ForeignKey(Collectivite, models.CASCADE, db_index=False, related_name="+")
    mot = models.CharField("mot", max_length=40, db_collation="C")

    class Meta:
        indexes = [
            GinIndex(fields=["collectivite", "mot"], opclasses=["int4_ops", "gin_trgm_ops"],
                     name="mot_trigrammes")
        ]  # fmt: skip


class ColonnesDeLaListe(ObjetDeCollectivite):
    """Colonnes choisies par un agent : `[{"code": "champ:voie", "libelle": "Voie"}]`."""

    agent = models.ForeignKey(Compte, on_delete=models.CASCADE, related_name="+")
    demarche = models.ForeignKey(
        Demarche, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    colonnes = models.JSONField("colonnes, dans l’ordre", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "agent", "demarche"],
                                    name="colonnes_une_fois", nulls_distinct=False)
        ]  # fmt: skip
