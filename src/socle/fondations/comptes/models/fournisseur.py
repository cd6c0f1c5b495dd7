"""Fournisseurs d’identité : une ligne par collectivité, ou pour toute l’installation."""

from django.db import models
from django.db.models import Q

from socle.fondations.collectivites.models import Collectivite, ObjetDeCollectivite
from socle.fondations.commun.models import ChampChiffre, Horodate
from socle.fondations.comptes.enums import AuthentificationClient, FormeInformations, GenreCompte


class FournisseurIdentite(Horodate):
    """Un fournisseur d’identité réglé. Sans collectivité, il sert à toute l’installation.

    Sécurité par ligne : une collectivité voit ses lignes et celles de l’installation, mais n’écrit
    que les siennes ; l’opérateur écrit celles de l’installation (voir l’ADR 0004).
    """

    collectivite = models.ForeignKey(
        Collectivite, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.SlugField("code", max_length=40, help_text="dans l’adresse : /connexion/<code>/")
    nom = models.CharField("nom montré", max_length=100)
    profil = models.CharField("profil", max_length=40)
    genre = models.CharField("pour", max_length=10, choices=GenreCompte)
    emetteur = models.URLField("émetteur", max_length=300)
    autorisation = models.URLField("adresse d’autorisation", max_length=300)
    jeton = models.URLField("adresse des jetons", max_length=300)
    userinfo = models.URLField("adresse des informations", max_length=300, blank=True)
    jwks = models.URLField("adresse des clés", max_length=300)
    fin_session = models.URLField("adresse de fin de session", max_length=300, blank=True)
    hote_retour = models.CharField(
        "origine de l’adresse de retour",
        max_length=200,
        blank=True,
        help_text="« https://demarches.exemple.fr », si elle diffère de celle où l’on est",
    )
    # Même secteur, même `sub` pour la même personne ; par défaut celui de la collectivité.
    secteur = models.CharField("secteur des identifiants", max_length=60, blank=True)
    client_id = models.CharField("identifiant du client", max_length=200)
    authentification = models.CharField(
        "authentification",
        max_length=30,
        choices=AuthentificationClient,
        default=AuthentificationClient.SECRET_POST,
    )
    secret = ChampChiffre("secret", null=True, blank=True)
    cle_client = ChampChiffre("clé de signature (JWK)", null=True, blank=True)
    algorithme = models.CharField("algorithme de signature", max_length=10, default="ES256")
    scopes = models.TextField("périmètres", default="openid")
    scopes_donnees = models.TextField("périmètres de données permis", blank=True)
    acr_demandes = models.TextField("niveaux demandés", blank=True)
    acr_acceptes = models.TextField("niveaux acceptés", blank=True)
    claims = models.JSONField("revendications demandées", null=True, blank=True)
    pkce = models.BooleanField("PKCE", default=False)
    iss_exige = models.BooleanField("émetteur exigé au retour", default=True)
    informations = models.CharField(
        "forme des informations",
        max_length=10,
        choices=FormeInformations,
        default=FormeInformations.SIGNEES,
    )
    chiffrement = models.CharField("chiffrement des réponses", max_length=20, blank=True)
    cles_chiffrement = ChampChiffre("clés de chiffrement (JWK)", null=True, blank=True)
    mfa_exigee = models.BooleanField("second facteur exigé", default=False)
    ordre = models.PositiveSmallIntegerField("ordre", default=100)
    actif = models.BooleanField("actif", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "code"],
                nulls_distinct=False,
                name="fournisseur_code_unique",
            ),
            models.CheckConstraint(
                condition=Q(authentification="private_key_jwt", cle_client__isnull=False)
                | Q(secret__isnull=False),
                name="fournisseur_a_de_quoi_se_prouver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"

    @property
    def cle(self) -> str:
        """Nom unique dans l’installation : un parcours ne sert qu’au fournisseur qui l’a ouvert."""
        return f"{self.collectivite_id or 0}:{self.code}"


class CompteurConnexion(ObjetDeCollectivite):
    """Connexions par fournisseur et par mois : aucun nom, et survit à toute purge."""

    mois = models.DateField("premier jour du mois")
    profil = models.CharField("profil", max_length=40)
    connexions = models.PositiveIntegerField("connexions", default=0)
    nouveaux = models.PositiveIntegerField("comptes reliés pour la première fois", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "mois", "profil"], name="compteur_connexion_unique"
            )
        ]
