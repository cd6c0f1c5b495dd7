from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_evaluation_gardes")]

    operations = [
        migrations.AddField(
            model_name="reponse",
            name="onglet",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=32,
                verbose_name="page qui enregistre au fil de la saisie",
            ),
        )
    ]
