"""Qui écrit la diffusion : l’équipe du programme."""

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis

equipe_requise = programme_requis(RoleProgramme.EQUIPE)
