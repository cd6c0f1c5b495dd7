import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contact",
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
                    "courriel",
                    models.EmailField(max_length=254, unique=True, verbose_name="courriel"),
                ),
                ("nom", models.CharField(blank=True, max_length=100, verbose_name="nom")),
                ("fonction", models.CharField(blank=True, max_length=100, verbose_name="fonction")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=150, verbose_name="organisation"),
                ),
                (
                    "autorite",
                    models.CharField(
                        blank=True, db_index=True, max_length=24, verbose_name="collectivité"
                    ),
                ),
                (
                    "finalite",
                    models.CharField(
                        max_length=200, verbose_name="pourquoi cette personne est gardée"
                    ),
                ),
                (
                    "origine",
                    models.CharField(max_length=120, verbose_name="d’où vient cette fiche"),
                ),
                ("vu_le", models.DateField(verbose_name="dernière participation")),
                ("expire_le", models.DateField(db_index=True, verbose_name="effacée le")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Lettre",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("numero", models.PositiveIntegerField(unique=True, verbose_name="numéro")),
                ("sujet", models.CharField(max_length=150, verbose_name="sujet")),
                ("texte", models.TextField(blank=True, verbose_name="texte")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("programme", "Vie du programme"),
                                ("identite", "Identité numérique"),
                                ("donnees", "Données et API"),
                                ("accessibilite", "Accessibilité et qualité"),
                                ("securite", "Sécurité"),
                                ("archivage", "Archivage et RGPD"),
                                ("financement", "Financement et appels à projets"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thèmes",
                    ),
                ),
                (
                    "territoire",
                    models.CharField(blank=True, max_length=3, verbose_name="département"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("en_file", "En cours d’envoi"),
                            ("envoyee", "Envoyée"),
                        ],
                        default="brouillon",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "demandee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="envoi demandé le"),
                ),
                (
                    "envoyee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="envoi fini le"),
                ),
                (
                    "destinataires",
                    models.PositiveIntegerField(default=0, verbose_name="destinataires"),
                ),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="révision")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Opposition",
            fields=[
                (
                    "empreinte",
                    models.CharField(
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                        verbose_name="empreinte de l’adresse",
                    ),
                ),
                ("le", models.DateField(verbose_name="demandée le")),
            ],
        ),
        migrations.CreateModel(
            name="Abonne",
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
                    "courriel",
                    models.EmailField(
                        blank=True, max_length=254, null=True, unique=True, verbose_name="courriel"
                    ),
                ),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("programme", "Vie du programme"),
                                ("identite", "Identité numérique"),
                                ("donnees", "Données et API"),
                                ("accessibilite", "Accessibilité et qualité"),
                                ("securite", "Sécurité"),
                                ("archivage", "Archivage et RGPD"),
                                ("financement", "Financement et appels à projets"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thèmes",
                    ),
                ),
                (
                    "territoire",
                    models.CharField(blank=True, max_length=3, verbose_name="département"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("actif", "Abonné"),
                            ("suspendu", "Suspendu : son adresse refuse nos lettres"),
                            ("desabonne", "Désabonné"),
                        ],
                        default="actif",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("consenti_le", models.DateTimeField(verbose_name="a consenti le")),
                (
                    "parti_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="désabonné le"),
                ),
                (
                    "rejets",
                    models.PositiveSmallIntegerField(default=0, verbose_name="lettres revenues"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat", "desabonne"), ("courriel__isnull", False), _connector="OR"
                        ),
                        name="abonne_a_une_adresse",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "desabonne"), _negated=True),
                            ("courriel__isnull", True),
                            _connector="OR",
                        ),
                        name="desabonne_sans_adresse",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
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
                ("titre", models.CharField(max_length=150, verbose_name="titre")),
                ("resume", models.CharField(blank=True, max_length=300, verbose_name="résumé")),
                ("texte", models.TextField(blank=True, verbose_name="texte")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("programme", "Vie du programme"),
                                ("identite", "Identité numérique"),
                                ("donnees", "Données et API"),
                                ("accessibilite", "Accessibilité et qualité"),
                                ("securite", "Sécurité"),
                                ("archivage", "Archivage et RGPD"),
                                ("financement", "Financement et appels à projets"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thèmes",
                    ),
                ),
                (
                    "liens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="cite",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("publie", "Publié"),
                            ("retire", "Retiré"),
                        ],
                        default="brouillon",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "publie_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="publié le"),
                ),
                (
                    "motif_retrait",
                    models.CharField(blank=True, max_length=300, verbose_name="pourquoi retiré"),
                ),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="révision")),
                ("recherche", models.TextField(blank=True, verbose_name="texte de recherche")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("actualite", "Actualité"),
                            ("resultat", "Résultat"),
                            ("presse", "Presse"),
                        ],
                        default="actualite",
                        max_length=10,
                        verbose_name="genre",
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, max_length=300, verbose_name="source des faits"),
                ),
                (
                    "lien",
                    models.URLField(blank=True, max_length=300, verbose_name="adresse d’origine"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("etat", "publie")),
                        fields=["-publie_le", "-id"],
                        name="article_parus",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["liens"], name="article_liens"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "publie"), _negated=True),
                            ("publie_le__isnull", False),
                            _connector="OR",
                        ),
                        name="article_publie_a_une_date",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("objet", models.CharField(max_length=120, verbose_name="page")),
                ("jour", models.DateField(verbose_name="jour")),
                ("lectures", models.PositiveIntegerField(default=0, verbose_name="lectures")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("objet", "jour"), name="audience_jour_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Evenement",
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
                ("titre", models.CharField(max_length=150, verbose_name="titre")),
                ("resume", models.CharField(blank=True, max_length=300, verbose_name="résumé")),
                ("texte", models.TextField(blank=True, verbose_name="texte")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("programme", "Vie du programme"),
                                ("identite", "Identité numérique"),
                                ("donnees", "Données et API"),
                                ("accessibilite", "Accessibilité et qualité"),
                                ("securite", "Sécurité"),
                                ("archivage", "Archivage et RGPD"),
                                ("financement", "Financement et appels à projets"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thèmes",
                    ),
                ),
                (
                    "liens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="cite",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("publie", "Publié"),
                            ("retire", "Retiré"),
                        ],
                        default="brouillon",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "publie_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="publié le"),
                ),
                (
                    "motif_retrait",
                    models.CharField(blank=True, max_length=300, verbose_name="pourquoi retiré"),
                ),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="révision")),
                ("recherche", models.TextField(blank=True, verbose_name="texte de recherche")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("forum", "Forum"),
                            ("webinaire", "Webinaire"),
                            ("salon", "Salon"),
                            ("atelier", "Atelier"),
                        ],
                        max_length=10,
                        verbose_name="genre",
                    ),
                ),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("fin", models.DateTimeField(verbose_name="fin")),
                ("lieu", models.CharField(blank=True, max_length=200, verbose_name="lieu")),
                (
                    "visio",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="adresse de la visioconférence"
                    ),
                ),
                (
                    "places",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="places"),
                ),
                (
                    "rediffusion",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="adresse de la rediffusion"
                    ),
                ),
                (
                    "supports",
                    models.TextField(blank=True, verbose_name="supports et résumé, après coup"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["debut", "id"], name="evenement_par_date"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["liens"], name="evenement_liens"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fin__gt", models.F("debut"))),
                        name="evenement_finit_apres_son_debut",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "publie"), _negated=True),
                            ("publie_le__isnull", False),
                            _connector="OR",
                        ),
                        name="evenement_publie_a_une_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Avis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("note", models.PositiveSmallIntegerField(verbose_name="note sur 5")),
                ("remarque", models.CharField(blank=True, max_length=500, verbose_name="remarque")),
                (
                    "evenement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="avis",
                        to="diffusion.evenement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note__gte", 1), ("note__lte", 5)),
                        name="avis_note_de_1_a_5",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Inscription",
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
                    "courriel",
                    models.EmailField(
                        blank=True, max_length=254, null=True, verbose_name="courriel"
                    ),
                ),
                ("nom", models.CharField(blank=True, max_length=100, verbose_name="nom")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=150, verbose_name="organisation"),
                ),
                (
                    "autorite",
                    models.CharField(
                        blank=True, db_index=True, max_length=24, verbose_name="collectivité"
                    ),
                ),
                (
                    "accepte_contact",
                    models.BooleanField(default=False, verbose_name="accepte d’être recontactée"),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("inscrite", "Inscrite"),
                            ("attente", "Sur liste d’attente"),
                            ("annulee", "Annulée"),
                        ],
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("inscrite_le", models.DateTimeField(verbose_name="inscrite le")),
                ("present", models.BooleanField(null=True, verbose_name="présente")),
                (
                    "rappelee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="rappelée le"),
                ),
                (
                    "avis_demande_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="avis demandé le"),
                ),
                ("avis_donne", models.BooleanField(default=False, verbose_name="a donné son avis")),
                (
                    "evenement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inscriptions",
                        to="diffusion.evenement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["courriel"], name="inscription_courriel"),
                    models.Index(fields=["evenement", "etat", "id"], name="inscription_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evenement", "courriel"), name="inscription_evenement_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_envoyer", "À envoyer"),
                            ("engagee", "Engagée"),
                            ("remise", "Remise au serveur"),
                            ("incertaine", "Issue inconnue : un arrêt est survenu pendant l’envoi"),
                            ("refusee", "Refusée par le serveur"),
                            ("rejetee", "Revenue : adresse inconnue"),
                        ],
                        default="a_envoyer",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("essais", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("change_le", models.DateTimeField(verbose_name="changé le")),
                (
                    "erreur",
                    models.CharField(blank=True, max_length=200, verbose_name="dernière erreur"),
                ),
                (
                    "abonne",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="diffusion.abonne",
                    ),
                ),
                (
                    "lettre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remises",
                        to="diffusion.lettre",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("etat__in", ["a_envoyer", "engagee"])),
                        fields=["lettre", "id"],
                        name="remise_a_faire",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("lettre", "abonne"), name="remise_une_fois")
                ],
            },
        ),
    ]
