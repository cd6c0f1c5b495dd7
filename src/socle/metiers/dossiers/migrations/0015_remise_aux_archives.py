"""Ce que le fil dit de la réponse des archives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0014_version_du_depot"),
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
                    ("version_changee", "Passé au nouveau formulaire"),
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
                    ("archive", "Paquet d’archives prêt"),
                    ("transmis", "Transmis aux archives"),
                    ("pris_en_charge", "Pris en charge par les archives"),
                    ("remise_refusee", "Paquet refusé par les archives"),
                    ("reponse_retiree", "Réponse des archives retirée"),
                ],
                max_length=32,
                verbose_name="fait",
            ),
        ),
    ]
