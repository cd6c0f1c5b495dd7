from django.db import migrations

MESURE = """
CREATE FUNCTION demarches_compter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  avant boolean := TG_OP <> 'INSERT' AND OLD.etat = 'publiee';
  apres boolean := TG_OP <> 'DELETE' AND NEW.etat = 'publiee';
BEGIN
  IF avant AND NOT apres THEN PERFORM administration_mesurer(now(), 'demarche', -1); END IF;
  IF apres AND NOT avant THEN PERFORM administration_mesurer(now(), 'demarche', 1); END IF;
  RETURN NULL;
END$$;
CREATE TRIGGER demarche_comptee AFTER INSERT OR UPDATE OF etat OR DELETE ON demarches_demarche
  FOR EACH ROW EXECUTE FUNCTION demarches_compter();
-- Celles d’avant, à leur première publication ; la sécurité par ligne n’en montrerait aucune.
ALTER TABLE demarches_demarche NO FORCE ROW LEVEL SECURITY;
ALTER TABLE demarches_version NO FORCE ROW LEVEL SECURITY;
INSERT INTO administration_mesureinstallation (jour, fait, nombre)
  SELECT jour, 'demarche', count(*) FROM (
    SELECT (min(coalesce(v.publiee_le, d.cree_le)) AT TIME ZONE 'Europe/Paris')::date AS jour
    FROM demarches_demarche d LEFT JOIN demarches_version v ON v.demarche_id = d.id
    WHERE d.etat = 'publiee' GROUP BY d.id
  ) premieres GROUP BY jour;
ALTER TABLE demarches_version FORCE ROW LEVEL SECURITY;
ALTER TABLE demarches_demarche FORCE ROW LEVEL SECURITY;
"""
MESURE_RETOUR = """
DROP TRIGGER demarche_comptee ON demarches_demarche;
DROP FUNCTION demarches_compter();
DELETE FROM administration_mesureinstallation WHERE fait = 'demarche';
"""


class Migration(migrations.Migration):
    """Démarches publiées, jour par jour depuis la première."""

    dependencies = [
        ("administration", "0001_mesure_installation"),
        ("demarches", "0001_initial"),
    ]

    operations = [migrations.RunSQL(MESURE, MESURE_RETOUR)]
