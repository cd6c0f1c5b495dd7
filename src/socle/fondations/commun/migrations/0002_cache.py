from django.db import migrations

CREER = """
CREATE UNLOGGED TABLE commun_cache (
  cle text PRIMARY KEY,
  valeur text NOT NULL,
  expire_le double precision NOT NULL
);
CREATE INDEX commun_cache_expire_le ON commun_cache (expire_le);
"""


class Migration(migrations.Migration):
    dependencies = [("commun", "0001_initial")]

    operations = [migrations.RunSQL(CREER, "DROP TABLE commun_cache")]
