"""Sécurité par ligne : les opérations de migration qui ferment une table à clé.

Règles (mesurées) : forcée même pour le propriétaire, jamais de OU dans une politique (l’index
serait perdu), variable absente = aucune ligne.
"""

from django.conf import settings
from django.db import migrations

_POLITIQUE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_locataire ON {table} TO "{app}"
  USING ({colonne} = nullif(current_setting('{variable}', true), '')::integer)
  WITH CHECK ({colonne} = nullif(current_setting('{variable}', true), '')::integer);
CREATE POLICY {table}_operateur ON {table} TO "{operateur}" USING (true) WITH CHECK (true);
CREATE POLICY {table}_proprietaire ON {table} TO CURRENT_USER USING (true) WITH CHECK (true);
"""
_RETOUR = """
DROP POLICY {table}_locataire ON {table};
DROP POLICY {table}_operateur ON {table};
DROP POLICY {table}_proprietaire ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


def enable_rls(table: str, *, colonne: str = "collectivite_id") -> migrations.RunSQL:
    """Ferme une table de collectivité : seules les lignes du locataire se voient et s’écrivent."""
    return _run(table, colonne, "socle.collectivite")


def enable_rls_personne(table: str, *, colonne: str = "personne_id") -> migrations.RunSQL:
    """Ferme une table tenue par personne : chacun ne voit que ses lignes."""
    return _run(table, colonne, "socle.personne")


def _run(table: str, colonne: str, variable: str) -> migrations.RunSQL:
    mots = {
        "table": table,
        "colonne": colonne,
        "variable": variable,
        "app": settings.ROLE_APP,
        "operateur": settings.ROLE_OPERATEUR,
    }
    return migrations.RunSQL(_POLITIQUE.format(**mots), _RETOUR.format(**mots))
