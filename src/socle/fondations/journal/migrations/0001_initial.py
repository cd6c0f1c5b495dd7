"""Tables du journal, que la base elle-même interdit de réécrire."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls

# L’instance et la transaction qui écrivent sont posées par la base : l’application n’a pas le droit
# d’écrire ces deux colonnes.
ORIGINE = """
ALTER TABLE journal_entree
  ALTER systeme SET DEFAULT (pg_control_system()).system_identifier,
  ALTER xid SET DEFAULT pg_current_xact_id()::text::bigint;
"""

IMMUABLES = [
    "journal_entree",
    "journal_lot",
    "journal_tete",
    "journal_noeud",
    "journal_noeud_sommet",
    "journal_jeton",
]
REFUS = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Le journal de preuve ne se modifie pas (%).', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER journal_immuable BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""
    for table in IMMUABLES
)
SANS_REFUS = (
    "".join(f"DROP TRIGGER journal_immuable ON {table};" for table in IMMUABLES)
    + "DROP FUNCTION journal_refuse();"
)

APP, OPERATEUR = settings.ROLE_APP, settings.ROLE_OPERATEUR
# L’application ajoute au journal et lit celui de sa collectivité ; seul l’opérateur scelle.
DROITS = f"""
REVOKE ALL ON journal_arbre, {", ".join(IMMUABLES)} FROM "{APP}", "{OPERATEUR}";
GRANT SELECT ON {", ".join(IMMUABLES)} TO "{APP}", "{OPERATEUR}";
GRANT INSERT (id, collectivite_id, action, objet, acteur, survenu_le, donnees, engagements,
  empreinte) ON journal_entree TO "{APP}", "{OPERATEUR}";
GRANT INSERT ON {", ".join(IMMUABLES[1:])} TO "{OPERATEUR}";
GRANT SELECT, INSERT, UPDATE ON journal_arbre TO "{OPERATEUR}";
CREATE POLICY journal_entree_installation ON journal_entree FOR INSERT TO "{APP}", "{OPERATEUR}"
  WITH CHECK (collectivite_id = 0);
"""
SANS_DROITS = f"""
DROP POLICY journal_entree_installation ON journal_entree;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal_arbre, {", ".join(IMMUABLES)}
  TO "{APP}", "{OPERATEUR}";
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Arbre",
            fields=[
                (
                    "collectivite_id",
                    models.IntegerField(
                        primary_key=True, serialize=False, verbose_name="collectivité"
                    ),
                ),
                ("taille", models.BigIntegerField()),
                ("bord", models.BinaryField()),
            ],
            options={
                "db_table": "journal_arbre",
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scelle_le", models.DateTimeField(verbose_name="scellé le")),
                ("systeme", models.BigIntegerField(verbose_name="système")),
                ("xid_debut", models.BigIntegerField(verbose_name="première transaction")),
                ("xid_fin", models.BigIntegerField(verbose_name="transaction suivante")),
                ("entrees", models.PositiveIntegerField(verbose_name="entrées")),
                ("origine", models.CharField(max_length=250)),
                ("taille", models.BigIntegerField(unique=True)),
                ("note", models.BinaryField()),
                ("cle", models.CharField(max_length=300, verbose_name="clé publique")),
            ],
            options={
                "db_table": "journal_lot",
            },
        ),
        migrations.CreateModel(
            name="Noeud",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "collectivite_id",
                        "niveau",
                        "indice",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("collectivite_id", models.IntegerField(verbose_name="collectivité")),
                ("niveau", models.SmallIntegerField()),
                ("indice", models.BigIntegerField()),
                ("empreinte", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "nœud",
                "db_table": "journal_noeud",
            },
        ),
        migrations.CreateModel(
            name="NoeudSommet",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "niveau",
                        "indice",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("niveau", models.SmallIntegerField()),
                ("indice", models.BigIntegerField()),
                ("empreinte", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "nœud du sommet",
                "db_table": "journal_noeud_sommet",
            },
        ),
        migrations.CreateModel(
            name="Tete",
            fields=[
                ("indice", models.BigIntegerField(primary_key=True, serialize=False)),
                ("collectivite_id", models.IntegerField(verbose_name="collectivité")),
                ("debut", models.BigIntegerField(verbose_name="début")),
                ("taille", models.BigIntegerField()),
                ("racine", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "tête",
                "db_table": "journal_tete",
            },
        ),
        migrations.CreateModel(
            name="Entree",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("collectivite_id", models.IntegerField(verbose_name="collectivité")),
                ("action", models.CharField(max_length=80)),
                ("objet", models.CharField(max_length=120)),
                ("acteur", models.CharField(max_length=120)),
                ("survenu_le", models.DateTimeField(verbose_name="survenu le")),
                ("donnees", models.JSONField(verbose_name="données")),
                ("engagements", models.JSONField()),
                ("empreinte", models.BinaryField(max_length=32)),
                ("systeme", models.BigIntegerField(editable=False, verbose_name="système")),
                ("xid", models.BigIntegerField(editable=False, verbose_name="transaction")),
            ],
            options={
                "verbose_name": "entrée du journal",
                "db_table": "journal_entree",
                "indexes": [
                    models.Index(
                        fields=["collectivite_id", "objet", "survenu_le", "id"],
                        name="journal_entree_fil",
                    ),
                    models.Index(
                        fields=["collectivite_id", "systeme", "xid", "id"],
                        name="journal_entree_feuilles",
                    ),
                    models.Index(fields=["systeme", "xid"], name="journal_entree_a_sceller"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("collectivite_id__gte", 0)),
                        name="journal_entree_journal",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Jeton",
            fields=[
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="journal.lot",
                    ),
                ),
                ("date", models.DateTimeField()),
                ("reponse", models.BinaryField(verbose_name="réponse")),
                ("recu_le", models.DateTimeField(verbose_name="reçu le")),
            ],
            options={
                "db_table": "journal_jeton",
            },
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                fields=("systeme", "xid_fin"), name="journal_lot_borne_unique"
            ),
        ),
        migrations.AddField(
            model_name="tete",
            name="lot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tetes", to="journal.lot"
            ),
        ),
        migrations.AddConstraint(
            model_name="tete",
            constraint=models.UniqueConstraint(
                fields=("collectivite_id", "taille"), name="journal_tete_taille_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="tete",
            constraint=models.UniqueConstraint(
                fields=("collectivite_id", "lot"), name="journal_tete_lot_unique"
            ),
        ),
        migrations.RunSQL(ORIGINE, migrations.RunSQL.noop),
        migrations.RunSQL(REFUS, SANS_REFUS),
        enable_rls("journal_entree"),
        enable_rls("journal_tete"),
        enable_rls("journal_noeud"),
        enable_rls("journal_arbre"),
        migrations.RunSQL(DROITS, SANS_DROITS),
    ]
