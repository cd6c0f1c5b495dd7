"""Ce que la base elle-même refuse : décider à un seul collège, réécrire ce qui est figé."""

from django.db import migrations

GARDES = """
CREATE FUNCTION gouvernance_garde_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.etat = 'prise'
     AND (NEW.etat, NEW.rang, NEW.numero, NEW.titre, NEW.instance_id)
       IS DISTINCT FROM (OLD.etat, OLD.rang, OLD.numero, OLD.titre, OLD.instance_id) THEN
    RAISE EXCEPTION 'La décision n° % est prise : elle ne se change plus.', OLD.numero
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.etat = 'prise' AND 2 <> (
    SELECT count(DISTINCT v.college)
    FROM gouvernance_validation v
    JOIN gouvernance_versiondedecision t ON t.id = v.version_id
    WHERE t.decision_id = NEW.id AND t.rang = NEW.rang AND t.figee_le IS NOT NULL
      AND v.empreinte = t.empreinte AND v.resultat = 'validee'
      AND v.college IN ('etat', 'collectivites')
  ) THEN
    RAISE EXCEPTION 'La décision n° % n’est pas validée par les deux collèges.', NEW.numero
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER gouvernance_garde_decision BEFORE INSERT OR UPDATE ON gouvernance_decision
  FOR EACH ROW EXECUTE FUNCTION gouvernance_garde_decision();

CREATE FUNCTION gouvernance_garde_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.figee_le IS NOT NULL AND (TG_OP = 'DELETE'
     OR (NEW.texte, NEW.empreinte, NEW.figee_le, NEW.rang, NEW.decision_id)
       IS DISTINCT FROM (OLD.texte, OLD.empreinte, OLD.figee_le, OLD.rang, OLD.decision_id)) THEN
    RAISE EXCEPTION 'Le texte d’une décision ne se change plus une fois figé.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER gouvernance_garde_version BEFORE UPDATE OR DELETE ON gouvernance_versiondedecision
  FOR EACH ROW EXECUTE FUNCTION gouvernance_garde_version();

CREATE FUNCTION gouvernance_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Cette ligne ne se modifie pas (%).', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER gouvernance_immuable BEFORE UPDATE OR DELETE ON gouvernance_validation
  FOR EACH ROW EXECUTE FUNCTION gouvernance_refuse();
CREATE TRIGGER gouvernance_immuable BEFORE UPDATE OR DELETE ON gouvernance_rapportmensuel
  FOR EACH ROW EXECUTE FUNCTION gouvernance_refuse();

CREATE FUNCTION gouvernance_garde_feuille() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.etat <> 'brouillon' AND (TG_OP = 'DELETE' OR NEW.etat = 'brouillon'
     OR (NEW.semestre, NEW.rang, NEW.introduction, NEW.empreinte, NEW.figee_le, NEW.precedente_id)
       IS DISTINCT FROM (OLD.semestre, OLD.rang, OLD.introduction, OLD.empreinte, OLD.figee_le,
         OLD.precedente_id)) THEN
    RAISE EXCEPTION 'Une feuille de route figée ne se change plus.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER gouvernance_garde_feuille BEFORE UPDATE OR DELETE ON gouvernance_feuillederoute
  FOR EACH ROW EXECUTE FUNCTION gouvernance_garde_feuille();

CREATE FUNCTION gouvernance_garde_ligne() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  feuille bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.feuille_id ELSE NEW.feuille_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM gouvernance_feuillederoute f
             WHERE f.id = feuille AND f.etat <> 'brouillon') THEN
    RAISE EXCEPTION 'Une feuille de route figée ne se change plus.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER gouvernance_garde_ligne BEFORE INSERT OR UPDATE OR DELETE
  ON gouvernance_lignedefeuille FOR EACH ROW EXECUTE FUNCTION gouvernance_garde_ligne();
"""
SANS_GARDES = """
DROP TRIGGER gouvernance_garde_ligne ON gouvernance_lignedefeuille;
DROP TRIGGER gouvernance_garde_feuille ON gouvernance_feuillederoute;
DROP TRIGGER gouvernance_immuable ON gouvernance_rapportmensuel;
DROP TRIGGER gouvernance_immuable ON gouvernance_validation;
DROP TRIGGER gouvernance_garde_version ON gouvernance_versiondedecision;
DROP TRIGGER gouvernance_garde_decision ON gouvernance_decision;
DROP FUNCTION gouvernance_garde_ligne(), gouvernance_garde_feuille(), gouvernance_refuse(),
  gouvernance_garde_version(), gouvernance_garde_decision();
"""


class Migration(migrations.Migration):
    dependencies = [("gouvernance", "0001_initial")]

    operations = [migrations.RunSQL(GARDES, SANS_GARDES)]
