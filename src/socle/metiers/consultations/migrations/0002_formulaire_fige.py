"""Ce que la base elle-même refuse : changer le formulaire d’une campagne publiée."""

from django.db import migrations

GARDES = """
CREATE FUNCTION consultations_garde_formulaire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.publiee_le IS NOT NULL
     AND (NEW.definition, NEW.empreinte, NEW.publiee_le, NEW.slug)
       IS DISTINCT FROM (OLD.definition, OLD.empreinte, OLD.publiee_le, OLD.slug) THEN
    RAISE EXCEPTION 'Le formulaire d’une campagne publiée ne se change plus.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultations_garde_formulaire BEFORE UPDATE ON consultations_campagne
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_formulaire();

CREATE FUNCTION consultations_garde_prolongation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Une prolongation ne se modifie pas.'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consultations_garde_prolongation BEFORE UPDATE ON consultations_prolongation
  FOR EACH ROW EXECUTE FUNCTION consultations_garde_prolongation();
"""
SANS_GARDES = """
DROP TRIGGER consultations_garde_prolongation ON consultations_prolongation;
DROP TRIGGER consultations_garde_formulaire ON consultations_campagne;
DROP FUNCTION consultations_garde_formulaire(), consultations_garde_prolongation();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_campagnes_et_reponses")]

    operations = [migrations.RunSQL(GARDES, SANS_GARDES)]
