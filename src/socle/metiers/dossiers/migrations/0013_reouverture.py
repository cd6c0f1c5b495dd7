from django.db import migrations, models

# Un dossier rouvert n’a plus d’issue : sa mesure est ôtée, la prochaine décision en fera une autre.
COMPTEURS = """
CREATE OR REPLACE FUNCTION dossiers_compter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  duree double precision := 0;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.etat = OLD.etat THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE dossiers_compteur SET nombre = nombre - 1
      WHERE collectivite_id = OLD.collectivite_id AND demarche_id = OLD.demarche_id
        AND etat = OLD.etat;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN NULL; END IF;
  INSERT INTO dossiers_compteur AS c (collectivite_id, demarche_id, etat, nombre)
    VALUES (NEW.collectivite_id, NEW.demarche_id, NEW.etat, 1)
    ON CONFLICT (collectivite_id, demarche_id, etat) DO UPDATE SET nombre = c.nombre + 1;
  IF TG_OP = 'UPDATE' AND OLD.decide_le IS NOT NULL AND NEW.decide_le IS NULL THEN
    UPDATE dossiers_mesure SET nombre = nombre - 1,
        duree_totale = greatest(0, duree_totale - extract(epoch FROM OLD.decide_le - OLD.depose_le))
      WHERE collectivite_id = OLD.collectivite_id AND demarche_id = OLD.demarche_id
        AND jour = (OLD.decide_le AT TIME ZONE 'Europe/Paris')::date
        AND fait = OLD.etat AND canal = OLD.canal AND nombre > 0;
    RETURN NULL;
  END IF;
  IF NEW.decide_le IS NOT NULL AND NEW.depose_le IS NOT NULL THEN
    duree := extract(epoch FROM NEW.decide_le - NEW.depose_le);
  END IF;
  INSERT INTO dossiers_mesure AS m
      (collectivite_id, demarche_id, jour, fait, canal, nombre, duree_totale)
    VALUES (NEW.collectivite_id, NEW.demarche_id,
            (coalesce(NEW.decide_le, NEW.depose_le, NEW.cree_le) AT TIME ZONE 'Europe/Paris')::date,
            CASE WHEN TG_OP = 'UPDATE' AND OLD.etat = 'brouillon' THEN 'depose' ELSE NEW.etat END,
            NEW.canal, 1, duree)
    ON CONFLICT (collectivite_id, demarche_id, jour, fait, canal)
      DO UPDATE SET nombre = m.nombre + 1, duree_totale = m.duree_totale + EXCLUDED.duree_totale;
  RETURN NULL;
END$$;
"""
FAITS = [
    ("depose", "Demande déposée"),
    ("accuse", "Accusé de réception envoyé"),
    ("correction_demandee", "Correction demandée"),
    ("depose_correction_usager", "Correction reçue"),
    ("depose_correction_instructeur", "Correction saisie par un agent"),
    ("passe_en_instruction", "Passé en instruction"),
    ("repasse_en_construction", "Rendu à l’usager"),
    ("repasse_en_instruction", "Repassé en instruction"),
    ("accepte", "Demande acceptée"),
    ("refuse", "Demande refusée"),
    ("classe_sans_suite", "Demande classée sans suite"),
    ("decision_disponible", "Décision mise à disposition"),
    ("decision_consultee", "Décision consultée"),
    ("courrier_envoye", "Courrier envoyé par la poste"),
    ("courrier_remis", "Courrier remis à la personne"),
    ("courrier_non_reclame", "Courrier non réclamé"),
    ("courrier_revenu", "Courrier revenu"),
    ("courrier_efface", "Envoi noté par erreur, effacé"),
    ("confie", "Dossier confié à un agent"),
    ("laisse", "Dossier laissé à tous les agents"),
    ("archive", "Paquet d’archives prêt"),
    ("transmis", "Transmis aux archives"),
]


class Migration(migrations.Migration):
    """Dossier rouvert puis rejugé : statistiques justes, réponses du dépôt gardées."""

    dependencies = [("dossiers", "0012_dossier_complements")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="reponses_deposees",
            field=models.JSONField(
                blank=True,
                null=True,
                verbose_name="réponses telles que déposées, si une correction les a changées",
            ),
        ),
        migrations.AlterField(
            model_name="evenement",
            name="fait",
            field=models.CharField(choices=FAITS, max_length=32, verbose_name="fait"),
        ),
        migrations.RunSQL(COMPTEURS, migrations.RunSQL.noop),
    ]
