from django.db import migrations, models


class Migration(migrations.Migration):
    """Lien de reprise d’un invité, et avis avant d’effacer un brouillon abandonné."""

    dependencies = [("dossiers", "0009_dossier_version_ecartee")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="reprise",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=64,
                verbose_name="empreinte du lien de reprise",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="reprise_expire_le",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="fin du lien de reprise"
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="reprise_courriel",
            field=models.EmailField(
                blank=True,
                db_default="",
                default="",
                max_length=254,
                verbose_name="boîte qui reçoit les liens de reprise",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="expiration_annoncee_le",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="effacement prochain annoncé le"
            ),
        ),
    ]
