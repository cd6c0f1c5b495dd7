from django.db import migrations, models


class Migration(migrations.Migration):
    """Une page qui enregistre au fil de la saisie ne fait qu’un changement à annuler."""

    dependencies = [("demarches", "0002_mesure")]

    operations = [
        migrations.AddField(
            model_name="modification",
            name="onglet",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=32,
                verbose_name="page qui enregistre au fil de la saisie",
            ),
        ),
    ]
