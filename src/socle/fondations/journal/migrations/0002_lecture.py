"""Index de la page de lecture : par date, par acteur, par action. Le journal ne change pas."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(
                fields=["collectivite_id", "survenu_le", "id"], name="journal_entree_date"
            ),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(
                fields=["collectivite_id", "acteur", "survenu_le"], name="journal_entree_acteur"
            ),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(
                fields=["collectivite_id", "action", "survenu_le"], name="journal_entree_action"
            ),
        ),
    ]
