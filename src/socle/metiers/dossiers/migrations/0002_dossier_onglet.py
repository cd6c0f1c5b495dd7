from django.db import migrations, models


class Migration(migrations.Migration):
    """La page qui enregistre au fil de la saisie n’est pas un conflit avec elle-même."""

    dependencies = [("dossiers", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="dossier",
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
