"""Le code d’un essai dit aussi son schéma : « scdl:scdl/deliberations »."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_invitation_editeur")]

    operations = [
        migrations.AlterField(
            model_name="essaiproduit",
            name="banc",
            field=models.CharField(max_length=80, verbose_name="banc, et son schéma"),
        ),
    ]
