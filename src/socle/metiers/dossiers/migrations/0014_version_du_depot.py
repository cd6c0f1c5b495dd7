import django.db.models.deletion
from django.db import migrations, models

FAITS = [
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
]


class Migration(migrations.Migration):
    """Dossier déposé qui change de formulaire : sa version du dépôt et ses réponses ôtées restent."""

    dependencies = [("demarches", "0002_mesure"), ("dossiers", "0013_reouverture")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="version_deposee",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="demarches.version",
                verbose_name="version du dépôt, si le dossier en a changé depuis",
            ),
        ),
        migrations.AddField(
            model_name="reponsechangee",
            name="valeur",
            field=models.JSONField(
                blank=True, null=True, verbose_name="réponse de l’ancien formulaire"
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="reponses_deposees",
            field=models.JSONField(
                blank=True,
                null=True,
                verbose_name="réponses telles que déposées, si elles ont pu changer depuis",
            ),
        ),
        migrations.AlterField(
            model_name="evenement",
            name="fait",
            field=models.CharField(choices=FAITS, max_length=32, verbose_name="fait"),
        ),
    ]
