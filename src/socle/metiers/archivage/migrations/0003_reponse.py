"""La réponse du service d’archives : reçu, accepté ou refusé, et un envoi de plus après un refus."""

import django.db.models.deletion
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    dependencies = [
        ("archivage", "0002_reouverture"),
        ("collectivites", "0002_logo_a_part"),
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReponseDesArchives",
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
                    "message",
                    models.CharField(max_length=100, verbose_name="message auquel elle répond"),
                ),
                (
                    "sens",
                    models.CharField(
                        choices=[
                            ("accuse", "Il a bien reçu le paquet"),
                            ("accepte", "Il l’accepte et le prend en charge"),
                            ("refuse", "Il le refuse"),
                        ],
                        max_length=8,
                        verbose_name="sens",
                    ),
                ),
                ("reserve", models.BooleanField(default=False, verbose_name="avec des remarques")),
                ("date", models.DateField(verbose_name="date de la réponse")),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="référence donnée par les archives"
                    ),
                ),
                (
                    "service",
                    models.CharField(blank=True, max_length=200, verbose_name="service d’archives"),
                ),
                (
                    "identifiant",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="identifiant de la réponse"
                    ),
                ),
                ("motif", models.TextField(blank=True, verbose_name="motif du refus")),
                ("evenements", models.JSONField(default=list, verbose_name="événements")),
                (
                    "unites",
                    models.JSONField(default=dict, verbose_name="identifiants donnés aux unités"),
                ),
                ("notee_le", models.DateTimeField(verbose_name="notée le")),
                ("notee_par", models.CharField(max_length=300, verbose_name="notée par")),
                (
                    "retiree_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="retirée le"),
                ),
                (
                    "retiree_par",
                    models.CharField(blank=True, max_length=300, verbose_name="retirée par"),
                ),
                (
                    "motif_retrait",
                    models.CharField(blank=True, max_length=500, verbose_name="retirée parce que"),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="versement",
            name="versement_transmis_a_une_date",
        ),
        migrations.AddField(
            model_name="versement",
            name="envoi",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="rang de l’envoi"),
        ),
        migrations.AlterField(
            model_name="versement",
            name="etat",
            field=models.CharField(
                choices=[
                    ("preparation", "À corriger"),
                    ("pret", "Prêt à transmettre"),
                    ("transmis", "Transmis"),
                    ("accuse", "Reçu par les archives"),
                    ("accepte", "Accepté"),
                    ("refuse", "Refusé"),
                ],
                default="preparation",
                max_length=12,
                verbose_name="état",
            ),
        ),
        migrations.AddConstraint(
            model_name="versement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("etat__in", ("transmis", "accuse", "accepte", "refuse")), _negated=True
                    ),
                    ("transmis_le__isnull", False),
                    _connector="XOR",
                ),
                name="versement_transmis_a_une_date",
            ),
        ),
        migrations.AddField(
            model_name="reponsedesarchives",
            name="collectivite",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="collectivites.collectivite",
            ),
        ),
        migrations.AddField(
            model_name="reponsedesarchives",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.document",
            ),
        ),
        migrations.AddField(
            model_name="reponsedesarchives",
            name="versement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reponses",
                to="archivage.versement",
            ),
        ),
        migrations.AddIndex(
            model_name="reponsedesarchives",
            index=models.Index(
                fields=["collectivite", "versement", "id"], name="reponse_du_versement"
            ),
        ),
        migrations.AddConstraint(
            model_name="reponsedesarchives",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retiree_le__isnull", True)),
                fields=("collectivite", "versement", "message", "sens"),
                name="reponse_une_par_sens",
            ),
        ),
        migrations.AddConstraint(
            model_name="reponsedesarchives",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sens", "accepte"), _negated=True),
                    models.Q(("reference", ""), _negated=True),
                    _connector="OR",
                ),
                name="reponse_acceptee_a_une_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="reponsedesarchives",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sens", "refuse"), _negated=True),
                    models.Q(("motif", ""), _negated=True),
                    _connector="OR",
                ),
                name="reponse_refusee_a_un_motif",
            ),
        ),
        migrations.AddConstraint(
            model_name="reponsedesarchives",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("retiree_le__isnull", True),
                    models.Q(("motif_retrait", ""), _negated=True),
                    _connector="XOR",
                ),
                name="reponse_retiree_a_un_motif",
            ),
        ),
        enable_rls("archivage_reponsedesarchives"),
    ]
