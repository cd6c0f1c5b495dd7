"""Grille, jury, déports, notes et résultats d’une campagne."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0002_formulaire_fige"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Instruction",
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
                    "etape",
                    models.CharField(
                        choices=[
                            ("preparation", "En préparation"),
                            ("notation", "Notation en cours"),
                            ("deliberation", "Délibération"),
                            ("validee", "Résultats arrêtés"),
                            ("publiee", "Résultats publiés"),
                        ],
                        default="preparation",
                        max_length=14,
                        verbose_name="étape",
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=2, verbose_name="notes signées, au moins"
                    ),
                ),
                (
                    "par_college",
                    models.BooleanField(
                        default=False, verbose_name="une note au moins de chaque collège"
                    ),
                ),
                (
                    "ecart_signale",
                    models.PositiveSmallIntegerField(
                        default=2, verbose_name="écart signalé, en points"
                    ),
                ),
                ("recours", models.TextField(blank=True, verbose_name="voies de recours")),
                (
                    "ouverte_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="notation ouverte le"),
                ),
                (
                    "deliberation_le",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="délibération ouverte le"
                    ),
                ),
                (
                    "validee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="arrêtée le"),
                ),
                (
                    "publiee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="publiée le"),
                ),
                (
                    "bilan",
                    models.JSONField(blank=True, null=True, verbose_name="résultats publiés"),
                ),
                (
                    "empreinte",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="empreinte des résultats"
                    ),
                ),
                (
                    "campagne",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instruction",
                        to="consultations.campagne",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Grille",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("courante", models.BooleanField(default=True, verbose_name="courante")),
                (
                    "maximum",
                    models.PositiveSmallIntegerField(default=3, verbose_name="note la plus haute"),
                ),
                (
                    "mention",
                    models.TextField(blank=True, verbose_name="d’où viennent ces critères"),
                ),
                ("motif", models.TextField(blank=True, verbose_name="pourquoi cette version")),
                (
                    "figee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="première note le"),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grilles",
                        to="consultations.instruction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Jure",
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
                    "college",
                    models.CharField(
                        choices=[
                            ("etat", "État"),
                            ("collectivites", "Collectivités"),
                            ("autres", "Autres"),
                        ],
                        max_length=14,
                        verbose_name="collège",
                    ),
                ),
                ("organisation", models.CharField(max_length=200, verbose_name="organisation")),
                (
                    "fonction",
                    models.CharField(
                        choices=[
                            ("president", "Présidence"),
                            ("vice_president", "Vice-présidence"),
                            ("membre", "Membre"),
                        ],
                        default="membre",
                        max_length=14,
                        verbose_name="fonction",
                    ),
                ),
                (
                    "interets",
                    models.TextField(blank=True, verbose_name="intérêts déclarés pour la campagne"),
                ),
                (
                    "declare_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="a déclaré le"),
                ),
                (
                    "declare_sur",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="dossiers déclarés",
                    ),
                ),
                ("sorti_le", models.DateTimeField(blank=True, null=True, verbose_name="sorti le")),
                (
                    "motif_sortie",
                    models.CharField(blank=True, max_length=500, verbose_name="motif de sortie"),
                ),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="jures",
                        to="consultations.instruction",
                    ),
                ),
                (
                    "remplace",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="consultations.jure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deport",
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
                    "origine",
                    models.CharField(
                        choices=[
                            ("autorite", "Sa collectivité répond"),
                            ("territoire", "Son intercommunalité ou son département est concerné"),
                            ("partenaire", "Son organisation est citée dans le dossier"),
                            ("declare", "Intérêt déclaré par le membre"),
                            ("equipe", "Intérêt signalé par l’équipe"),
                        ],
                        max_length=12,
                        verbose_name="origine",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=500, verbose_name="motif")),
                ("constate_le", models.DateTimeField(verbose_name="constaté le")),
                ("leve_le", models.DateTimeField(blank=True, null=True, verbose_name="levé le")),
                (
                    "motif_levee",
                    models.CharField(blank=True, max_length=500, verbose_name="motif de la levée"),
                ),
                (
                    "reponse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deports",
                        to="consultations.reponse",
                    ),
                ),
                (
                    "jure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deports",
                        to="consultations.jure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("notes", models.JSONField(default=dict, verbose_name="notes")),
                ("avis", models.TextField(blank=True, verbose_name="avis d’ensemble")),
                (
                    "signee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="signée le"),
                ),
                (
                    "empreinte",
                    models.CharField(blank=True, max_length=64, verbose_name="empreinte"),
                ),
                (
                    "annulee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
                ),
                (
                    "motif_annulation",
                    models.CharField(blank=True, max_length=500, verbose_name="pourquoi"),
                ),
                (
                    "grille",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notations",
                        to="consultations.grille",
                    ),
                ),
                (
                    "jure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="notations",
                        to="consultations.jure",
                    ),
                ),
                (
                    "reponse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notations",
                        to="consultations.reponse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recevabilite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("recevable", models.BooleanField(verbose_name="recevable")),
                ("motif", models.TextField(blank=True, verbose_name="motif")),
                ("constats", models.JSONField(default=list, verbose_name="constats")),
                ("faite_le", models.DateTimeField(verbose_name="faite le")),
                (
                    "faite_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reponse",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recevabilite",
                        to="consultations.reponse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Resultat",
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
                    "score",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="note sur 100"
                    ),
                ),
                (
                    "rang_calcule",
                    models.PositiveIntegerField(null=True, verbose_name="rang calculé"),
                ),
                ("elimine", models.BooleanField(default=False, verbose_name="sous un seuil")),
                ("moyennes", models.JSONField(default=dict, verbose_name="moyenne par critère")),
                (
                    "ecarts",
                    models.JSONField(default=list, verbose_name="critères où le jury s’écarte"),
                ),
                (
                    "rang",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="rang arrêté"),
                ),
                (
                    "motif_rang",
                    models.TextField(blank=True, verbose_name="pourquoi ce rang diffère"),
                ),
                (
                    "issue",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retenu", "Retenu"),
                            ("complementaire", "Liste complémentaire"),
                            ("non_retenu", "Non retenu"),
                        ],
                        max_length=14,
                        verbose_name="issue",
                    ),
                ),
                (
                    "montant",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=14,
                        verbose_name="montant accordé, en euros",
                    ),
                ),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                ("motivation", models.TextField(blank=True, verbose_name="motivation")),
                ("fixe_le", models.DateTimeField(blank=True, null=True, verbose_name="fixé le")),
                (
                    "fixe_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="consultations.jure",
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resultats",
                        to="consultations.instruction",
                    ),
                ),
                (
                    "reponse",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resultat",
                        to="consultations.reponse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CritereDeGrille",
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
                ("intitule", models.CharField(max_length=150, verbose_name="intitulé")),
                ("question", models.CharField(max_length=500, verbose_name="question")),
                (
                    "niveaux",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        size=None,
                        verbose_name="ce que vaut chaque note",
                    ),
                ),
                ("poids", models.PositiveSmallIntegerField(default=1, verbose_name="poids")),
                (
                    "seuil",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=4,
                        null=True,
                        verbose_name="moyenne qui élimine au-dessous",
                    ),
                ),
                (
                    "grille",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteres",
                        to="consultations.grille",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grille", "rang"), name="critere_de_grille_rang"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("poids__gte", 1), ("poids__lte", 100)),
                        name="critere_de_grille_poids",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("etape", "publiee"), ("publiee_le__isnull", True), _connector="XOR"
                ),
                name="instruction_publiee_a_sa_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publiee_le__isnull", True),
                    models.Q(("bilan__isnull", False), ("empreinte__gt", "")),
                    _connector="OR",
                ),
                name="instruction_publiee_a_son_bilan",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__gte", 1)), name="instruction_quorum"
            ),
        ),
        migrations.AddConstraint(
            model_name="grille",
            constraint=models.UniqueConstraint(
                fields=("instruction", "version"), name="grille_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="grille",
            constraint=models.UniqueConstraint(
                condition=models.Q(("courante", True)),
                fields=("instruction",),
                name="grille_courante_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="grille",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum__gte", 1), ("maximum__lte", 10)), name="grille_maximum"
            ),
        ),
        migrations.AddIndex(
            model_name="jure",
            index=models.Index(fields=["compte", "instruction"], name="jure_compte"),
        ),
        migrations.AddConstraint(
            model_name="jure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sorti_le__isnull", True)),
                fields=("instruction", "compte"),
                name="jure_une_fois",
            ),
        ),
        migrations.AddConstraint(
            model_name="jure",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("sorti_le__isnull", True), models.Q(("fonction", "membre"), _negated=True)
                ),
                fields=("instruction", "fonction"),
                name="jure_une_presidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="deport",
            constraint=models.UniqueConstraint(fields=("jure", "reponse"), name="deport_unique"),
        ),
        migrations.AddConstraint(
            model_name="deport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("leve_le__isnull", True),
                    models.Q(
                        ("motif_levee__gt", ""),
                        models.Q(("origine__in", ["autorite", "territoire"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="deport_leve_avec_motif",
            ),
        ),
        migrations.AddIndex(
            model_name="notation",
            index=models.Index(fields=["grille", "reponse"], name="notation_par_dossier"),
        ),
        migrations.AddConstraint(
            model_name="notation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("annulee_le__isnull", True)),
                fields=("jure", "reponse", "grille"),
                name="notation_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="notation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signee_le__isnull", True), ("empreinte__gt", ""), _connector="XOR"
                ),
                name="notation_signee_a_son_empreinte",
            ),
        ),
        migrations.AddConstraint(
            model_name="recevabilite",
            constraint=models.CheckConstraint(
                condition=models.Q(("recevable", True), ("motif__gt", ""), _connector="OR"),
                name="irrecevabilite_motivee",
            ),
        ),
        migrations.AddIndex(
            model_name="resultat",
            index=models.Index(fields=["instruction", "rang"], name="resultat_rang"),
        ),
        migrations.AddConstraint(
            model_name="resultat",
            constraint=models.CheckConstraint(
                condition=models.Q(("issue", "retenu"), ("montant", 0), _connector="OR"),
                name="resultat_montant_si_retenu",
            ),
        ),
        migrations.AddConstraint(
            model_name="resultat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issue", "non_retenu"), _negated=True),
                    ("motivation__gt", ""),
                    _connector="OR",
                ),
                name="resultat_refus_motive",
            ),
        ),
        migrations.AddConstraint(
            model_name="resultat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issue", "retenu"), _negated=True),
                    ("elimine", False),
                    _connector="OR",
                ),
                name="resultat_elimine_non_retenu",
            ),
        ),
    ]
