"""Notes internes des agents sur un dossier."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        ("dossiers", "0006_envoi_postal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoteInterne",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("corps", models.CharField(max_length=4000, verbose_name="note")),
                ("ecrite_le", models.DateTimeField(verbose_name="écrite le")),
                (
                    "changee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="changée le"),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collectivite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["collectivite", "dossier"], name="note_dossier")],
            },
        ),
        enable_rls("dossiers_noteinterne"),
    ]
