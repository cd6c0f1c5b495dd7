"""Phrases prêtes à insérer dans un message, une correction ou un motif."""

import django.db.models.deletion
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        ("demarches", "0001_initial"),
        ("dossiers", "0007_note_interne"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhrasePrete",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("titre", models.CharField(max_length=80, verbose_name="nom")),
                ("corps", models.CharField(max_length=4000, verbose_name="texte")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="révision")),
                (
                    "collectivite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
                (
                    "demarche",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="demarches.demarche",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collectivite", "demarche", "titre"),
                        name="phrase_titre_unique",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        enable_rls("dossiers_phraseprete"),
    ]
