"""L’index de la file des agents : du plus pressé au moins pressé, et ses nombres."""

from datetime import date

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0002_dossier_onglet"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            "dossier",
            models.Index(
                F("collectivite"),
                Coalesce("echeance", Value(date(9999, 12, 31))),
                F("numero"),
                condition=Q(etat__in=("en_construction", "en_instruction")),
                include=(
                    "echeance",
                    "attend_correction",
                    "message_non_lu",
                    "suivi_par",
                    "demarche",
                ),
                name="dossier_pression",
            ),
        ),
    ]
