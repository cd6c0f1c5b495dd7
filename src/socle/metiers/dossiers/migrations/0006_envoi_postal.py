"""L’envoi ou la remise d’une lettre sur papier, et le jour de sa réception."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        ("dossiers", "0005_colonnes_de_la_liste"),
    ]

    operations = [
        migrations.AlterField(
            model_name="evenement",
            name="fait",
            field=models.CharField(
                choices=[
                    ("depose", "Demande déposée"),
                    ("accuse", "Accusé de réception envoyé"),
                    ("correction_demandee", "Correction demandée"),
                    ("depose_correction_usager", "Correction reçue"),
                    ("depose_correction_instructeur", "Correction saisie par un agent"),
                    ("passe_en_instruction", "Passé en instruction"),
                    ("repasse_en_construction", "Rendu à l’usager"),
                    ("repasse_en_instruction", "Repassé en instruction"),
                    ("accepte", "Demande acceptée"),
                    ("refuse", "Demande refusée"),
                    ("classe_sans_suite", "Demande classée sans suite"),
                    ("decision_disponible", "Décision mise à disposition"),
                    ("decision_consultee", "Décision consultée"),
                    ("courrier_envoye", "Courrier envoyé par la poste"),
                    ("courrier_remis", "Courrier remis à la personne"),
                    ("courrier_non_reclame", "Courrier non réclamé"),
                    ("courrier_revenu", "Courrier revenu"),
                    ("courrier_efface", "Envoi noté par erreur, effacé"),
                    ("confie", "Dossier confié à un agent"),
                    ("laisse", "Dossier laissé à tous les agents"),
                    ("archive", "Versé aux archives"),
                ],
                max_length=32,
                verbose_name="fait",
            ),
        ),
        migrations.CreateModel(
            name="EnvoiPostal",
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
                    "lettre",
                    models.CharField(
                        choices=[
                            ("accuse", "Accusé de réception"),
                            ("decision", "Décision"),
                        ],
                        max_length=10,
                        verbose_name="lettre",
                    ),
                ),
                ("document_id", models.UUIDField(verbose_name="document")),
                (
                    "moyen",
                    models.CharField(
                        choices=[
                            ("recommande", "Recommandé avec avis de réception"),
                            ("main_propre", "Remise en main propre, contre signature"),
                            ("simple", "Lettre simple"),
                        ],
                        max_length=12,
                        verbose_name="moyen",
                    ),
                ),
                ("date_envoi", models.DateField(verbose_name="date d’envoi ou de remise")),
                (
                    "numero",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="numéro du recommandé"
                    ),
                ),
                (
                    "suite",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recu", "Reçu : l’avis de réception est signé"),
                            (
                                "non_reclame",
                                "Non réclamé : le pli est revenu avec cette mention",
                            ),
                            (
                                "revenu",
                                "Revenu pour une autre raison (adresse inconnue, refus…)",
                            ),
                        ],
                        max_length=12,
                        verbose_name="suite",
                    ),
                ),
                (
                    "date_suite",
                    models.DateField(
                        blank=True, null=True, verbose_name="date portée par La Poste"
                    ),
                ),
                ("annule", models.BooleanField(default=False, verbose_name="saisi par erreur")),
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
                        related_name="envois_postaux",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collectivite", "dossier"], name="envoi_postal_dossier")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(suite="", annule=False, moyen="recommande"),
                        fields=("collectivite", "dossier", "lettre", "document_id"),
                        name="envoi_postal_en_cours_unique",
                    ),
                    models.CheckConstraint(
                        condition=Q(suite="", date_suite__isnull=True)
                        | (~Q(suite="") & Q(date_suite__gte=F("date_envoi"))),
                        name="envoi_postal_suite_datee",
                    ),
                ],
            },
        ),
        enable_rls("dossiers_envoipostal"),
    ]
