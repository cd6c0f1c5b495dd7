from django.db import migrations, models


class Migration(migrations.Migration):
    """Règle à confirmer, départ en fin d’exercice, code et source contrôlés par la base."""

    dependencies = [
        ("conservation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="regledeconservation",
            name="a_confirmer",
            field=models.BooleanField(
                default=False, verbose_name="à confirmer par les Archives départementales"
            ),
        ),
        migrations.AlterField(
            model_name="regledeconservation",
            name="point_de_depart",
            field=models.CharField(
                choices=[
                    ("decision", "Date de la décision"),
                    ("depot", "Date du dépôt"),
                    ("fin_annee_scolaire", "Fin de l’année scolaire"),
                    ("fin_exercice", "Fin de l’exercice budgétaire"),
                    ("cloture", "Clôture du dossier"),
                ],
                max_length=20,
                verbose_name="point de départ",
            ),
        ),
        migrations.AddConstraint(
            model_name="regledeconservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]*$")),
                name="regle_code_bien_forme",
            ),
        ),
        migrations.AddConstraint(
            model_name="regledeconservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_juridique", ""), _negated=True),
                name="regle_a_une_source_juridique",
            ),
        ),
    ]
