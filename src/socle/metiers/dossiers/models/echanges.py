"""Ce qui entoure un dossier : faits, messages, courriers, notes, appels et consultations."""

from django.db import models
from django.db.models import F, Q

from socle.fondations.collectivites.models import ObjetDeCollectivite
from socle.fondations.comptes.models import Compte
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import Fait, Lettre, Moyen, SuiteDuPli
from socle.metiers.dossiers.models.dossier import Dossier


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
    """Histoire d’un champ après le dépôt : avant, après, qui, quand.

    `valeur` tient {"valeur": …}, la réponse elle-même, quand c’est le changement de formulaire qui
    l’a ôtée ou réduite : elle reste relisible, et ses fichiers restent gardés. Vide, c’est une
    correction.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="changements")
    champ = models.CharField("champ", max_length=100)
    libelle = models.CharField("libellé", max_length=300)
    avant = models.TextField("avant", blank=True)
    apres = models.TextField("après", blank=True)
    valeur = models.JSONField("réponse de l’ancien formulaire", null=True, blank=True)
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
