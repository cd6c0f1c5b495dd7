"""Les démarches publiées qui se servent d’une API sont nommées, et non plus seulement comptées."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_essai_par_schema")]

    operations = [
        migrations.AddField(
            model_name="api",
            name="demarches_nommees",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                size=None,
                verbose_name="premières démarches qui s’en servent",
            ),
        ),
    ]
