from django.db import migrations, models


class Migration(migrations.Migration):
    """Au guichet, le délai légal part du jour où la demande est reçue, non de sa saisie."""

    dependencies = [("dossiers", "0010_dossier_reprise")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="recue_le",
            field=models.DateField(
                blank=True, null=True, verbose_name="jour de réception, noté par l’agent"
            ),
        ),
    ]
