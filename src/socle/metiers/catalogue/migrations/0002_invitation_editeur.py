"""Invitation d’un représentant par un lien personnel."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InvitationEditeur",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("courriel", models.EmailField(max_length=254, verbose_name="courriel")),
                (
                    "empreinte",
                    models.CharField(max_length=64, unique=True, verbose_name="empreinte du jeton"),
                ),
                ("envoyee_le", models.DateTimeField(verbose_name="envoyée le")),
                ("expire_le", models.DateTimeField(verbose_name="expire le")),
                (
                    "acceptee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="acceptée le"),
                ),
                (
                    "annulee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
                ),
                (
                    "editeur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="catalogue.editeur",
                    ),
                ),
                (
                    "envoyee_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["editeur", "-envoyee_le"], name="invitation_editeur_liste")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acceptee_le__isnull", True),
                            ("annulee_le__isnull", True),
                            _connector="OR",
                        ),
                        name="invitation_editeur_une_fin",
                    )
                ],
            },
        ),
    ]
