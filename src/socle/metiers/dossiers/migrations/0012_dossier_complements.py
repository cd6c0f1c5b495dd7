from django.db import migrations, models


class Migration(migrations.Migration):
    """Une correction demandée a une date limite, et arrête le délai légal (CRPA, L. 114-5)."""

    dependencies = [("dossiers", "0011_dossier_recue_le")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="correction_limite",
            field=models.DateField(
                blank=True, null=True, verbose_name="date limite de la correction"
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="complements",
            field=models.JSONField(
                blank=True,
                null=True,
                verbose_name="corrections demandées : demande, limite, réception",
            ),
        ),
    ]
