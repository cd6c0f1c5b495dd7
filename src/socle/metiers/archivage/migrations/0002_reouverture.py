"""Dossier rouvert : le paquet se refait, ou un versement complémentaire suit le premier."""

import django.db.models.deletion
from django.db import migrations, models

# Le propriétaire de la table est soumis à sa sécurité par ligne : sans cela il n’en verrait aucune.
REPRISE = """
ALTER TABLE archivage_versement NO FORCE ROW LEVEL SECURITY;
UPDATE archivage_versement SET dossier = reference;
ALTER TABLE archivage_versement FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("archivage", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="versement",
            name="dossier",
            field=models.CharField(default="", max_length=80, verbose_name="référence du dossier"),
            preserve_default=False,
        ),
        migrations.RunSQL(REPRISE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="versement",
            name="cle",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="empreinte de ce qui est versé"
            ),
        ),
        migrations.AddField(
            model_name="versement",
            name="precedent",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complement",
                to="archivage.versement",
                verbose_name="versement que celui-ci complète",
            ),
        ),
        migrations.AddField(
            model_name="versement",
            name="rouvert_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="dossier rouvert le"),
        ),
        migrations.AddIndex(
            model_name="versement",
            index=models.Index(fields=["collectivite", "dossier"], name="versement_du_dossier"),
        ),
    ]
