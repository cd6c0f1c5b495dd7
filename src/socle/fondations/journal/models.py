"""Tables du journal. Toutes, sauf `Arbre`, refusent en base qu’on modifie ou supprime une ligne."""

from django.db import models

from socle.normes.preuve.pieces import encode_entree

INSTALLATION = 0
"""`collectivite_id` du journal de l’installation, que seul l’opérateur lit."""


class Entree(models.Model):
    """Une action, telle qu’elle s’est passée. Aucune donnée personnelle : des engagements salés.

    `systeme` et `xid` sont posés par la base : l’instance de PostgreSQL et la transaction qui a
    écrit. Avec l’identifiant, ils donnent l’ordre du scellement sans rien écrire de plus.
    """

    id = models.UUIDField(primary_key=True)
    collectivite_id = models.IntegerField("collectivité")
    action = models.CharField(max_length=80)
    objet = models.CharField(max_length=120)
    acteur = models.CharField(max_length=120)
    survenu_le = models.DateTimeField("survenu le")
    donnees = models.JSONField("données")
    engagements = models.JSONField()
    empreinte = models.BinaryField(max_length=32)
    systeme = models.BigIntegerField("système", editable=False)
    xid = models.BigIntegerField("transaction", editable=False)

    class Meta:
        db_table = "journal_entree"
        verbose_name = "entrée du journal"
        indexes = [
            models.Index(
                fields=["collectivite_id", "objet", "survenu_le", "id"], name="journal_entree_fil"
            ),
            models.Index(
                fields=["collectivite_id", "systeme", "xid", "id"], name="journal_entree_feuilles"
            ),
            models.Index(fields=["systeme", "xid"], name="journal_entree_a_sceller"),
            models.Index(
                fields=["collectivite_id", "survenu_le", "id"], name="journal_entree_date"
            ),
            models.Index(
                fields=["collectivite_id", "acteur", "survenu_le"], name="journal_entree_acteur"
            ),
            models.Index(
                fields=["collectivite_id", "action", "survenu_le"], name="journal_entree_action"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(collectivite_id__gte=INSTALLATION), name="journal_entree_journal"
            )
        ]

    @property
    def contenu(self) -> bytes:
        """La feuille exacte de l’arbre, refaite depuis les colonnes."""
        return encode_entree(
            identifiant=str(self.id),
            collectivite=self.collectivite_id,
            action=self.action,
            objet=self.objet,
            acteur=self.acteur,
            survenu_le=self.survenu_le,
            donnees=self.donnees,
            engagements=self.engagements,
        )


class Lot(models.Model):
    """Un scellement : les transactions `xid_debut` (comprise) à `xid_fin` (exclue) d’un système.

    `taille` est celle de l’arbre du sommet après lui ; `note` en est le point de contrôle signé,
    et `cle` la clé publique qui l’a signé.
    """

    scelle_le = models.DateTimeField("scellé le")
    systeme = models.BigIntegerField("système")
    xid_debut = models.BigIntegerField("première transaction")
    xid_fin = models.BigIntegerField("transaction suivante")
    entrees = models.PositiveIntegerField("entrées")
    origine = models.CharField(max_length=250)
    taille = models.BigIntegerField(unique=True)
    note = models.BinaryField()
    cle = models.CharField("clé publique", max_length=300)

    class Meta:
        db_table = "journal_lot"
        constraints = [
            models.UniqueConstraint(fields=["systeme", "xid_fin"], name="journal_lot_borne_unique")
        ]


class Tete(models.Model):
    """Arbre d’une collectivité à la fin d’un lot. Sa clé est sa place dans l’arbre du sommet.

    Le lot a ajouté les entrées `debut` (comprise) à `taille` (exclue).
    """

    indice = models.BigIntegerField(primary_key=True)
    collectivite_id = models.IntegerField("collectivité")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="tetes")
    debut = models.BigIntegerField("début")
    taille = models.BigIntegerField()
    racine = models.BinaryField(max_length=32)

    class Meta:
        db_table = "journal_tete"
        verbose_name = "tête"
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite_id", "taille"], name="journal_tete_taille_unique"
            ),
            models.UniqueConstraint(
                fields=["collectivite_id", "lot"], name="journal_tete_lot_unique"
            ),
        ]


class Arbre(models.Model):
    """Bord droit de l’arbre d’une collectivité, pour y ajouter. Se refait depuis les entrées."""

    collectivite_id = models.IntegerField("collectivité", primary_key=True)
    taille = models.BigIntegerField()
    bord = models.BinaryField()

    class Meta:
        db_table = "journal_arbre"


class Noeud(models.Model):
    """Nœud complet de l’arbre d’une collectivité, un sur 256 : niveaux 8, 16, 24…"""

    pk = models.CompositePrimaryKey("collectivite_id", "niveau", "indice")
    collectivite_id = models.IntegerField("collectivité")
    niveau = models.SmallIntegerField()
    indice = models.BigIntegerField()
    empreinte = models.BinaryField(max_length=32)

    class Meta:
        db_table = "journal_noeud"
        verbose_name = "nœud"


class NoeudSommet(models.Model):
    """Nœud de l’arbre du sommet : les feuilles (niveau 0), puis les niveaux 8, 16, 24…"""

    pk = models.CompositePrimaryKey("niveau", "indice")
    niveau = models.SmallIntegerField()
    indice = models.BigIntegerField()
    empreinte = models.BinaryField(max_length=32)

    class Meta:
        db_table = "journal_noeud_sommet"
        verbose_name = "nœud du sommet"


class Jeton(models.Model):
    """Horodatage d’un point de contrôle par un tiers (réponse RFC 3161 entière)."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, primary_key=True)
    date = models.DateTimeField()
    reponse = models.BinaryField("réponse")
    recu_le = models.DateTimeField("reçu le")

    class Meta:
        db_table = "journal_jeton"
