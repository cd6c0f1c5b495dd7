"""Recherche qui tolère les fautes : les mots entiers entrent dans l’index et dans un vocabulaire."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Q

from socle.fondations.commun.rls import enable_rls

OUVERTS = ("en_construction", "en_instruction")

# Le vocabulaire suit les dossiers dans l’instruction qui les écrit : aucune requête de plus.
# Sans compte par mot : un compte ferait attendre l’un derrière l’autre tous les dépôts qui
# contiennent « rue ». Un mot part donc avec le dernier dossier qui le porte, cherché dans l’index :
# une purge ne laisse aucun nom. Un mot purgé à l’instant où un autre dépôt l’écrit peut manquer
# jusqu’au suivant ; la recherche exacte, elle, ne lit pas le vocabulaire.
VOCABULAIRE = """
CREATE FUNCTION dossiers_apprendre() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dossiers_mot (collectivite_id, mot)
    SELECT NEW.collectivite_id, lexeme FROM unnest(NEW.recherche)
    WHERE 'A' = ANY (weights) AND length(lexeme) BETWEEN 3 AND 40 AND lexeme !~ '[0-9]'
    ORDER BY lexeme
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END$$;
CREATE FUNCTION dossiers_oublier() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gardes text[] := '{}';
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.recherche IS NOT NULL THEN
    gardes := ARRAY(SELECT lexeme FROM unnest(NEW.recherche) WHERE 'A' = ANY (weights));
  END IF;
  DELETE FROM dossiers_mot m
    USING (SELECT lexeme FROM unnest(OLD.recherche)
           WHERE 'A' = ANY (weights) AND lexeme <> ALL (gardes)) partis
    WHERE m.collectivite_id = OLD.collectivite_id AND m.mot = partis.lexeme
      AND NOT EXISTS (SELECT 1 FROM dossiers_dossier d
        WHERE d.collectivite_id = OLD.collectivite_id
          AND d.recherche @@ (quote_literal(m.mot) || ':A')::tsquery);
  RETURN NULL;
END$$;
CREATE TRIGGER dossier_mots_apprendre AFTER INSERT OR UPDATE OF recherche ON dossiers_dossier
  FOR EACH ROW WHEN (NEW.recherche IS NOT NULL) EXECUTE FUNCTION dossiers_apprendre();
CREATE TRIGGER dossier_mots_oublier AFTER DELETE OR UPDATE OF recherche ON dossiers_dossier
  FOR EACH ROW WHEN (OLD.recherche IS NOT NULL) EXECUTE FUNCTION dossiers_oublier();
"""
VOCABULAIRE_RETOUR = """
DROP TRIGGER dossier_mots_apprendre ON dossiers_dossier;
DROP TRIGGER dossier_mots_oublier ON dossiers_dossier;
DROP FUNCTION dossiers_apprendre();
DROP FUNCTION dossiers_oublier();
"""

# « % » n’est pas déclaré sans fuite : sous la sécurité par ligne, son index ne servirait pas. La
# fonction lit donc en propriétaire, et ne rend que les mots du locataire de la transaction.
PROCHES = """
CREATE FUNCTION dossiers_mots_proches(cherche text) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 20 AS $$
  SELECT m.mot FROM dossiers_mot m
  WHERE m.collectivite_id = nullif(current_setting('socle.collectivite', true), '')::integer
    AND m.mot % cherche
  ORDER BY similarity(m.mot, cherche) DESC, m.mot LIMIT 20
$$;
REVOKE EXECUTE ON FUNCTION dossiers_mots_proches(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dossiers_mots_proches(text) TO "{app}";
"""

# Une recherche lit d’abord ce que l’index n’a pas encore rangé : 256 ko au plus, et non 4 Mo.
ATTENTE = "ALTER INDEX dossier_recherche SET (gin_pending_list_limit = 256)"
ATTENTE_RETOUR = "ALTER INDEX dossier_recherche RESET (gin_pending_list_limit)"

# Les mots entiers des dossiers déjà déposés : ceux de leurs réponses que l’index connaît. Ce qui ne
# se cherche pas (IBAN, identifiants) n’y entre donc pas.
REPRISE = """
UPDATE dossiers_dossier d SET recherche = d.recherche || mots.vecteur
FROM (
  SELECT d.numero, string_agg(DISTINCT format('''%%s'':1A', mot), ' ')::tsvector AS vecteur
  FROM dossiers_dossier d
  CROSS JOIN LATERAL (
    SELECT string_agg(valeur #>> '{}', ' ') AS texte
    FROM jsonb_path_query(d.reponses, '$.**') AS valeur WHERE jsonb_typeof(valeur) = 'string'
  ) AS ecrit
  CROSS JOIN LATERAL regexp_split_to_table(
    lower(f_unaccent(concat_ws(' ', d.demandeur, d.courriel, d.numero, ecrit.texte))),
    '[^a-z0-9]+'
  ) AS mot
  WHERE d.collectivite_id = %s AND d.recherche IS NOT NULL AND length(mot) BETWEEN 1 AND 40
    AND (d.recherche @@ plainto_tsquery('fr', mot)
      OR position(mot IN lower(f_unaccent(d.demandeur || ' ' || d.courriel))) > 0)
  GROUP BY d.numero
) AS mots
WHERE d.numero = mots.numero
"""
ATTENDUS = (
    "SELECT count(*) FROM dossiers_dossier WHERE collectivite_id = %s AND recherche IS NOT NULL"
)


def fill_vocabulaire(apps, schema_editor):
    """Reprend les dossiers déposés, collectivité par collectivité.

    Raises:
        RuntimeError: des dossiers n’ont pas été repris (la sécurité par ligne les cache ?).
    """
    with schema_editor.connection.cursor() as curseur:
        curseur.execute("SELECT id FROM collectivites_collectivite ORDER BY id")
        for (collectivite_id,) in curseur.fetchall():
            curseur.execute(ATTENDUS, [collectivite_id])
            attendus = curseur.fetchone()[0]
            curseur.execute(REPRISE, [collectivite_id])
            if curseur.rowcount != attendus:
                raise RuntimeError(
                    f"Collectivité {collectivite_id} : {curseur.rowcount} dossiers repris"
                    f" sur {attendus}."
                )


class Migration(migrations.Migration):
    dependencies = [
        ("collectivites", "0002_logo_a_part"),
        ("dossiers", "0003_dossier_pression"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "collectivite",
                        "mot",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("mot", models.CharField(db_collation="C", max_length=40, verbose_name="mot")),
                (
                    "collectivite",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="collectivites.collectivite",
                    ),
                ),
            ],
            options={
                "indexes": [
                    GinIndex(
                        fields=["collectivite", "mot"],
                        name="mot_trigrammes",
                        opclasses=["int4_ops", "gin_trgm_ops"],
                    )
                ],
            },
        ),
        enable_rls("dossiers_mot"),
        migrations.RunSQL(VOCABULAIRE, VOCABULAIRE_RETOUR),
        migrations.RunSQL(
            PROCHES.replace("{app}", settings.ROLE_APP),
            "DROP FUNCTION dossiers_mots_proches(text)",
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ATTENTE, ATTENTE_RETOUR)],
            state_operations=[
                migrations.RemoveIndex("dossier", "dossier_recherche"),
                migrations.AddIndex(
                    "dossier",
                    GinIndex(
                        fields=["collectivite", "recherche"],
                        gin_pending_list_limit=256,
                        name="dossier_recherche",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["collectivite"],
                condition=Q(attend_correction=True, etat__in=OUVERTS),
                include=("message_non_lu", "demarche"),
                name="dossier_chez_usager",
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["collectivite", "suivi_par"],
                condition=Q(etat__in=OUVERTS, suivi_par__isnull=False),
                include=("demarche",),
                name="dossier_suivi_par",
            ),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["collectivite", "echeance"],
                condition=Q(echeance__isnull=False, etat__in=OUVERTS),
                include=("demarche",),
                name="dossier_bientot",
            ),
        ),
        migrations.RunPython(fill_vocabulaire, migrations.RunPython.noop),
    ]
