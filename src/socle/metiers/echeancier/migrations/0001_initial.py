import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from socle.fondations.commun.rls import enable_rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "slug",
                    models.SlugField(max_length=80, unique=True, verbose_name="nom d’adresse"),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[("obligation", "Obligation"), ("projet", "Projet")],
                        default="obligation",
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("titre", models.CharField(max_length=150, verbose_name="titre")),
                (
                    "court",
                    models.CharField(max_length=40, verbose_name="titre court, pour la frise"),
                ),
                (
                    "resume",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="à faire, en une phrase"
                    ),
                ),
                ("texte", models.TextField(blank=True, verbose_name="explications")),
                (
                    "etapes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=400),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="étapes",
                    ),
                ),
                ("ministere", models.CharField(max_length=100, verbose_name="ministère chargé")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=300, verbose_name="texte de loi"),
                ),
                (
                    "lien",
                    models.URLField(blank=True, max_length=300, verbose_name="adresse du texte"),
                ),
                (
                    "reserve",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="ce qui reste à confirmer"
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("actes", "Actes et assemblées"),
                            ("finances", "Finances et factures"),
                            ("achats", "Commande publique"),
                            ("urbanisme", "Urbanisme"),
                            ("usagers", "Relation aux usagers"),
                            ("identite", "Identité et connexion"),
                            ("donnees", "Données ouvertes et échanges"),
                            ("personnelles", "Données personnelles"),
                            ("securite", "Sécurité"),
                            ("archives", "Archives"),
                            ("personnel", "Agents et élus"),
                        ],
                        max_length=15,
                        verbose_name="thème",
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="précision sur le public"
                    ),
                ),
                (
                    "territoires",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="territoires",
                    ),
                ),
                (
                    "liens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="ce qui aide",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("publiee", "Publiée"),
                            ("annulee", "Annulée"),
                        ],
                        default="brouillon",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "motif_annulation",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="pourquoi elle est annulée"
                    ),
                ),
                (
                    "debut",
                    models.DateField(blank=True, null=True, verbose_name="début de la préparation"),
                ),
                (
                    "jour",
                    models.DateField(blank=True, null=True, verbose_name="jour où elle s’applique"),
                ),
                ("rang", models.PositiveIntegerField(default=3652059, verbose_name="rang du jour")),
                (
                    "jour_texte",
                    models.CharField(blank=True, max_length=60, verbose_name="date en mots"),
                ),
                (
                    "surete",
                    models.CharField(
                        choices=[
                            ("connue", "Date connue"),
                            ("estimee", "Date estimée"),
                            ("permanente", "Obligation permanente"),
                        ],
                        max_length=10,
                        verbose_name="sûreté",
                    ),
                ),
                (
                    "ancien_jour",
                    models.DateField(blank=True, null=True, verbose_name="date d’avant le report"),
                ),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="révision")),
                ("recherche", models.TextField(blank=True, verbose_name="texte de recherche")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["etat", "rang", "id"], name="obligation_par_date"),
                    models.Index(fields=["modifie_le"], name="obligation_fraicheur"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["liens"], name="obligation_liens"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("surete", "connue"), _negated=True),
                            ("jour__isnull", False),
                            _connector="OR",
                        ),
                        name="obligation_connue_a_un_jour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("debut__isnull", True),
                            ("jour__isnull", True),
                            ("debut__lte", models.F("jour")),
                            _connector="OR",
                        ),
                        name="obligation_se_prepare_avant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DateEcheance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("jour", models.DateField(blank=True, null=True, verbose_name="jour")),
                (
                    "jour_texte",
                    models.CharField(blank=True, max_length=60, verbose_name="date en mots"),
                ),
                (
                    "surete",
                    models.CharField(
                        choices=[
                            ("connue", "Date connue"),
                            ("estimee", "Date estimée"),
                            ("permanente", "Obligation permanente"),
                        ],
                        max_length=10,
                        verbose_name="sûreté",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=300, verbose_name="pourquoi")),
                (
                    "annoncee_le",
                    models.DateField(blank=True, null=True, verbose_name="annoncée le"),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dates",
                        to="echeancier.obligation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("obligation", "rang"), name="date_rang_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rang", 1), models.Q(("motif", ""), _negated=True), _connector="OR"
                        ),
                        name="date_changee_dit_pourquoi",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlerteEcheance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("jour", models.DateField(verbose_name="échéance rappelée")),
                ("delai", models.PositiveSmallIntegerField(verbose_name="jours avant")),
                ("envoyee_le", models.DateTimeField(verbose_name="envoyée le")),
                (
                    "collectivite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="echeancier.obligation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collectivite", "obligation", "compte", "jour", "delai"),
                        name="alerte_echeance_une_fois",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicConcerne",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("commune", "Commune"),
                            ("epci", "Intercommunalité"),
                            ("departement", "Département"),
                            ("region", "Région"),
                            ("com", "Collectivité d’outre-mer"),
                        ],
                        max_length=12,
                        verbose_name="genre",
                    ),
                ),
                (
                    "population_min",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="à partir de"),
                ),
                (
                    "population_max",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="jusqu’à"),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publics",
                        to="echeancier.obligation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("obligation", "genre"), name="public_genre_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("population_min__isnull", True),
                            ("population_max__isnull", True),
                            ("population_min__lte", models.F("population_max")),
                            _connector="OR",
                        ),
                        name="public_bornes_dans_l_ordre",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuiviEcheance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_faire", "À faire"),
                            ("en_cours", "En cours"),
                            ("fait", "Fait"),
                            ("non_concerne", "Ne nous concerne pas"),
                        ],
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("dit_le", models.DateTimeField(verbose_name="dit le")),
                (
                    "collectivite",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="echeancier.obligation",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collectivite", "obligation"), name="suivi_echeance_unique"
                    )
                ],
            },
        ),
        enable_rls("echeancier_suiviecheance"),
        enable_rls("echeancier_alerteecheance"),
    ]
