import django.db.models.deletion
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    """Bordereaux d’élimination : rien ne se détruit sans visa (code du patrimoine, R. 212-14)."""

    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        ("conservation", "0002_regle_precisee"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bordereau",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("propose", "À faire viser"),
                            ("vise", "Visé, destruction en cours"),
                            ("execute", "Exécuté"),
                            ("refuse", "Refusé"),
                        ],
                        default="propose",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("propose_le", models.DateTimeField(verbose_name="proposé le")),
                ("propose_par", models.CharField(max_length=300, verbose_name="proposé par")),
                ("visa_par", models.CharField(blank=True, max_length=300, verbose_name="visé par")),
                ("visa_le", models.DateField(blank=True, null=True, verbose_name="date du visa")),
                (
                    "visa_reference",
                    models.CharField(blank=True, max_length=100, verbose_name="référence du visa"),
                ),
                (
                    "note_par",
                    models.CharField(blank=True, max_length=300, verbose_name="visa noté par"),
                ),
                (
                    "motif",
                    models.CharField(blank=True, max_length=500, verbose_name="motif du refus"),
                ),
                (
                    "execute_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="exécuté le"),
                ),
                (
                    "collectivite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LigneDeBordereau",
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
                ("intitule", models.CharField(max_length=300, verbose_name="intitulé")),
                ("regle", models.CharField(max_length=600, verbose_name="règle et source")),
                ("debut", models.DateField(verbose_name="premier jour")),
                ("fin", models.DateField(verbose_name="dernier jour")),
                (
                    "echue_le",
                    models.DateField(verbose_name="fin de la durée d’utilité administrative"),
                ),
                (
                    "fichiers",
                    models.PositiveIntegerField(default=0, verbose_name="nombre de fichiers"),
                ),
                (
                    "octets",
                    models.BigIntegerField(
                        default=0, verbose_name="taille des fichiers, en octets"
                    ),
                ),
                (
                    "detruite_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="détruite le"),
                ),
                (
                    "ecartee",
                    models.CharField(blank=True, max_length=200, verbose_name="écartée parce que"),
                ),
                (
                    "bordereau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lignes",
                        to="conservation.bordereau",
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
            ],
        ),
        migrations.AddIndex(
            model_name="bordereau",
            index=models.Index(
                fields=["collectivite", "-propose_le", "-id"], name="conservatio_collect_6ef3b6_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="bordereau",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("etat__in", ("propose", "refuse")),
                    models.Q(
                        models.Q(("visa_par", ""), _negated=True),
                        models.Q(("visa_reference", ""), _negated=True),
                        ("visa_le__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="bordereau_vise_a_un_visa",
            ),
        ),
        migrations.AddConstraint(
            model_name="bordereau",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("etat", "execute"), ("execute_le__isnull", True), _connector="XOR"
                ),
                name="bordereau_execute_a_une_date",
            ),
        ),
        migrations.AddIndex(
            model_name="lignedebordereau",
            index=models.Index(
                fields=["collectivite", "bordereau", "reference"],
                name="conservatio_collect_0d3deb_idx",
            ),
        ),
        migrations.AddConstraint(
            model_name="lignedebordereau",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ecartee", "")),
                fields=("collectivite", "objet"),
                name="ligne_un_seul_bordereau",
            ),
        ),
        enable_rls("conservation_bordereau"),
        enable_rls("conservation_lignedebordereau"),
    ]
