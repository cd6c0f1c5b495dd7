import django.db.models.deletion
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("collectivites", "0001_initial"),
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Versement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("reference", models.CharField(max_length=80, verbose_name="référence")),
                ("titre", models.CharField(max_length=300, verbose_name="titre")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("producteur", models.CharField(max_length=200, verbose_name="service producteur")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("preparation", "À corriger"),
                            ("pret", "Prêt à transmettre"),
                            ("transmis", "Transmis"),
                        ],
                        default="preparation",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                (
                    "empreinte",
                    models.CharField(
                        blank=True, max_length=128, verbose_name="empreinte SHA-512 du paquet"
                    ),
                ),
                (
                    "taille",
                    models.BigIntegerField(default=0, verbose_name="taille du paquet, en octets"),
                ),
                (
                    "nombre_pieces",
                    models.PositiveIntegerField(default=0, verbose_name="nombre de pièces"),
                ),
                ("controles", models.JSONField(default=dict, verbose_name="contrôles")),
                ("regle", models.JSONField(verbose_name="règle de conservation appliquée")),
                ("date_debut", models.DateField(verbose_name="premier jour du dossier")),
                ("date_fin", models.DateField(verbose_name="dernier jour du dossier")),
                ("conserver_jusqu_au", models.DateField(verbose_name="à conserver jusqu’au")),
                ("prepare_le", models.DateTimeField(verbose_name="préparé le")),
                (
                    "transmis_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="transmis le"),
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
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["collectivite", "prepare_le", "id"], name="versement_par_date"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collectivite", "reference"), name="versement_reference_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat", "preparation"),
                            models.Q(
                                ("document__isnull", False), ("empreinte__regex", "^[0-9a-f]{128}$")
                            ),
                            _connector="XOR",
                        ),
                        name="versement_pret_a_un_paquet",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "transmis"), _negated=True),
                            ("transmis_le__isnull", False),
                            _connector="XOR",
                        ),
                        name="versement_transmis_a_une_date",
                    ),
                ],
            },
        ),
        enable_rls("archivage_versement"),
    ]
