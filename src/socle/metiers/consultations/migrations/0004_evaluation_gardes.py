"""Ce que la base elle-même refuse : noter en déport, changer ce qui est signé, figé ou publié."""

from django.db import migrations

GARDES = """
CREATE FUNCTION consultations_garde_notation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.annulee_le IS NULL AND EXISTS (
    SELECT 1 FROM consultations_deport d
    WHERE d.jure_id = NEW.jure_id AND d.reponse_id = NEW.reponse_id AND d.leve_le IS NULL
  ) THEN
    RAISE EXCEPTION 'Un membre du jury en déport ne note pas ce dossier.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.signee_le IS NOT NULL
     AND (NEW.notes, NEW.avis, NEW.signee_le, NEW.empreinte, NEW.jure_id, NEW.reponse_id,
          NEW.grille_id)
       IS DISTINCT FROM (OLD.notes, OLD.avis, OLD.signee_le, OLD.empreinte, OLD.jure_id,
          OLD.reponse_id, OLD.grille_id) THEN
    RAISE EXCEPTION 'Une note signée ne se change plus.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultations_garde_notation BEFORE INSERT OR UPDATE ON consultations_notation
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_notation();

CREATE FUNCTION consultations_garde_deport() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.leve_le IS NULL AND EXISTS (
    SELECT 1 FROM consultations_notation n
    WHERE n.jure_id = NEW.jure_id AND n.reponse_id = NEW.reponse_id AND n.annulee_le IS NULL
  ) THEN
    RAISE EXCEPTION 'Ce membre du jury a encore une note sur ce dossier.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultations_garde_deport BEFORE INSERT OR UPDATE ON consultations_deport
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_deport();

CREATE FUNCTION consultations_garde_grille() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.figee_le IS NOT NULL
     AND (NEW.maximum, NEW.version, NEW.mention, NEW.motif, NEW.figee_le, NEW.instruction_id)
       IS DISTINCT FROM (OLD.maximum, OLD.version, OLD.mention, OLD.motif, OLD.figee_le,
          OLD.instruction_id) THEN
    RAISE EXCEPTION 'La grille est figée depuis la première note.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultations_garde_grille BEFORE UPDATE ON consultations_grille
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_grille();

CREATE FUNCTION consultations_garde_critere() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  grille bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.grille_id ELSE NEW.grille_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM consultations_grille g WHERE g.id = grille AND g.figee_le IS NOT NULL)
  THEN
    RAISE EXCEPTION 'La grille est figée depuis la première note.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consultations_garde_critere BEFORE INSERT OR UPDATE OR DELETE
  ON consultations_criteredegrille FOR EACH ROW EXECUTE FUNCTION consultations_garde_critere();

CREATE FUNCTION consultations_garde_instruction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.publiee_le IS NOT NULL
     AND (NEW.etape, NEW.bilan, NEW.empreinte, NEW.publiee_le, NEW.validee_le, NEW.campagne_id)
       IS DISTINCT FROM (OLD.etape, OLD.bilan, OLD.empreinte, OLD.publiee_le, OLD.validee_le,
          OLD.campagne_id) THEN
    RAISE EXCEPTION 'Des résultats publiés ne se changent plus.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultations_garde_instruction BEFORE UPDATE ON consultations_instruction
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_instruction();

CREATE FUNCTION consultations_garde_resultat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM consultations_instruction i
             WHERE i.id = NEW.instruction_id AND i.publiee_le IS NOT NULL) THEN
    RAISE EXCEPTION 'Des résultats publiés ne se changent plus.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultations_garde_resultat BEFORE INSERT OR UPDATE ON consultations_resultat
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_resultat();
"""
SANS_GARDES = """
DROP TRIGGER consultations_garde_resultat ON consultations_resultat;
DROP TRIGGER consultations_garde_instruction ON consultations_instruction;
DROP TRIGGER consultations_garde_critere ON consultations_criteredegrille;
DROP TRIGGER consultations_garde_grille ON consultations_grille;
DROP TRIGGER consultations_garde_deport ON consultations_deport;
DROP TRIGGER consultations_garde_notation ON consultations_notation;
DROP FUNCTION consultations_garde_resultat(), consultations_garde_instruction(),
  consultations_garde_critere(), consultations_garde_grille(), consultations_garde_deport(),
  consultations_garde_notation();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0003_evaluation")]

    operations = [migrations.RunSQL(GARDES, SANS_GARDES)]
