from django.db import migrations, models

# Comptée dans la transaction du changement : aucun oubli, aucun compte de ce qui a été annulé.
MESURE = """
CREATE FUNCTION administration_mesurer(quand timestamptz, quoi text, ecart integer) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO administration_mesureinstallation AS m (jour, fait, nombre)
    VALUES ((quand AT TIME ZONE 'Europe/Paris')::date, quoi, ecart)
    ON CONFLICT (jour, fait) DO UPDATE SET nombre = m.nombre + EXCLUDED.nombre;
$$;
CREATE FUNCTION administration_compter_collectivite() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  avant boolean := TG_OP <> 'INSERT' AND OLD.active;
  apres boolean := TG_OP <> 'DELETE' AND NEW.active;
BEGIN
  IF avant AND NOT apres THEN PERFORM administration_mesurer(now(), 'collectivite', -1); END IF;
  IF apres AND NOT avant THEN PERFORM administration_mesurer(now(), 'collectivite', 1); END IF;
  RETURN NULL;
END$$;
CREATE TRIGGER collectivite_comptee AFTER INSERT OR UPDATE OF active OR DELETE
  ON collectivites_collectivite
  FOR EACH ROW EXECUTE FUNCTION administration_compter_collectivite();
INSERT INTO administration_mesureinstallation (jour, fait, nombre)
  SELECT (cree_le AT TIME ZONE 'Europe/Paris')::date, 'collectivite', count(*)
  FROM collectivites_collectivite WHERE active GROUP BY 1;
"""
MESURE_RETOUR = """
DROP TRIGGER collectivite_comptee ON collectivites_collectivite;
DROP FUNCTION administration_compter_collectivite();
DROP FUNCTION administration_mesurer(timestamptz, text, integer);
"""


class Migration(migrations.Migration):
    """Collectivités ouvertes, jour par jour depuis le premier."""

    initial = True

    dependencies = [("collectivites", "0002_logo_a_part")]

    operations = [
        migrations.CreateModel(
            name="MesureInstallation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jour", models.DateField(verbose_name="jour")),
                (
                    "fait",
                    models.CharField(
                        choices=[
                            ("collectivite", "Collectivités ouvertes"),
                            ("demarche", "Démarches publiées"),
                        ],
                        max_length=16,
                        verbose_name="fait",
                    ),
                ),
                (
                    "nombre",
                    models.IntegerField(default=0, verbose_name="ajoutés, moins ôtés"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("jour", "fait"), name="mesure_installation_unique"
                    )
                ]
            },
        ),
        migrations.RunSQL(MESURE, MESURE_RETOUR),
    ]
