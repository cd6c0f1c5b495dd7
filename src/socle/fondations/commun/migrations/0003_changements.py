from django.db import migrations

CREER = """
CREATE TABLE commun_changement (
  numero bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  change_le timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION commun_noter_changement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO commun_changement DEFAULT VALUES;
  RETURN NULL;
END
$$;
"""
OTER = "DROP FUNCTION commun_noter_changement CASCADE; DROP TABLE commun_changement"


class Migration(migrations.Migration):
    dependencies = [("commun", "0002_cache")]

    operations = [migrations.RunSQL(CREER, OTER)]
