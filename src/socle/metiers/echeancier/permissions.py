"""Qui peut quoi dans l’échéancier."""

from socle.fondations.comptes.enums import Role, RoleProgramme

# Tout agent de la collectivité lit ses échéances et dit où elle en est.
SUIVEURS = (
    Role.INSTRUCTEUR, Role.VALIDEUR, Role.ADMINISTRATEUR, Role.DPO, Role.ARCHIVISTE,
)  # fmt: skip
# Les rappels de tous se règlent par qui administre.
REGLEURS = (Role.ADMINISTRATEUR,)
# L’équipe du programme écrit les échéances.
REDACTEURS = (RoleProgramme.EQUIPE,)
