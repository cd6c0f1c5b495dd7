from django.db import migrations, models


class Migration(migrations.Migration):
    """Une personne qui reste sur l’ancien formulaire ne se le voit pas demander à chaque page."""

    dependencies = [("dossiers", "0008_phrase_prete")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="version_ecartee",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                verbose_name="nouvelle version que la personne a écartée",
            ),
        ),
    ]
