"""Élimination après versement, et tri tranché par l’archiviste."""

import django.db.models.deletion
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        ("conservation", "0003_bordereau"),
    ]

    operations = [
        migrations.AddField(
            model_name="bordereau",
            name="genre",
            field=models.CharField(
                choices=[("elimination", "Élimination"), ("versement", "Après versement")],
                default="elimination",
                max_length=12,
                verbose_name="genre",
            ),
        ),
        migrations.AddField(
            model_name="lignedebordereau",
            name="archive_le",
            field=models.DateField(blank=True, null=True, verbose_name="pris en charge le"),
        ),
        migrations.AddField(
            model_name="lignedebordereau",
            name="archive_reference",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="référence aux archives"
            ),
        ),
        migrations.AddField(
            model_name="lignedebordereau",
            name="archive_service",
            field=models.CharField(blank=True, max_length=200, verbose_name="service d’archives"),
        ),
        migrations.AddField(
            model_name="lignedebordereau",
            name="tri",
            field=models.CharField(blank=True, max_length=500, verbose_name="motif du tri"),
        ),
        migrations.CreateModel(
            name="Tri",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("objet", models.CharField(max_length=100, verbose_name="objet")),
                ("reference", models.CharField(max_length=80, verbose_name="référence")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("conserver", "Conservation définitive"),
                            ("detruire", "Destruction"),
                        ],
                        max_length=10,
                        verbose_name="sort choisi",
                    ),
                ),
                ("motif", models.CharField(max_length=500, verbose_name="motif")),
                ("choisi_le", models.DateTimeField(verbose_name="choisi le")),
                ("choisi_par", models.CharField(max_length=300, verbose_name="choisi par")),
                (
                    "collectivite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collectivite", "sort", "reference"], name="tri_par_sort")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collectivite", "objet"), name="tri_un_par_objet"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sort__in", ("conserver", "detruire")),
                            models.Q(("motif", ""), _negated=True),
                        ),
                        name="tri_tranche_et_motive",
                    ),
                ],
            },
        ),
        enable_rls("conservation_tri"),
    ]
