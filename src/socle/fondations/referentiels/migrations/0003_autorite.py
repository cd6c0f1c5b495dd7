"""Toutes les collectivités en une table ; le prochain chargement du COG la remplit."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referentiels", "0002_recherche_des_communes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Autorite",
            fields=[
                (
                    "cle",
                    models.CharField(
                        max_length=24, primary_key=True, serialize=False, verbose_name="clé"
                    ),
                ),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("commune", "Commune"),
                            ("epci", "Intercommunalité"),
                            ("departement", "Département"),
                            ("region", "Région"),
                            ("com", "Collectivité d’outre-mer"),
                        ],
                        max_length=12,
                        verbose_name="genre",
                    ),
                ),
                ("code", models.CharField(max_length=9, verbose_name="code Insee ou SIREN")),
                ("siren", models.CharField(blank=True, max_length=9, verbose_name="SIREN")),
                ("nom", models.CharField(max_length=200, verbose_name="nom")),
                (
                    "nom_tri",
                    models.CharField(max_length=200, verbose_name="clé de tri sans accent"),
                ),
                (
                    "departement",
                    models.CharField(blank=True, max_length=3, verbose_name="département"),
                ),
                ("region", models.CharField(max_length=3, verbose_name="région")),
                (
                    "epci",
                    models.CharField(blank=True, max_length=9, verbose_name="SIREN de l’EPCI"),
                ),
                ("population", models.PositiveIntegerField(default=0, verbose_name="population")),
                (
                    "tranche",
                    models.PositiveIntegerField(
                        choices=[
                            (0, "moins de 500 habitants"),
                            (500, "500 à 999 habitants"),
                            (1000, "1 000 à 3 499 habitants"),
                            (3500, "3 500 à 9 999 habitants"),
                            (10000, "10 000 à 49 999 habitants"),
                            (50000, "50 000 à 99 999 habitants"),
                            (100000, "100 000 habitants et plus"),
                        ],
                        verbose_name="taille",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["siren"], name="autorite_siren"),
                    models.Index(
                        fields=["departement", "genre", "tranche"], name="autorite_territoire"
                    ),
                    models.Index(fields=["epci"], name="autorite_epci"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["nom_tri"], name="autorite_nom_approche", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
    ]
