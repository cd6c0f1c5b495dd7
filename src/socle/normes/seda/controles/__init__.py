"""Contrôles d’un paquet SIP avant versement, avec les codes d’événements de Vitam."""

from socle.normes.seda.controles.limites import Attentes, Limites
from socle.normes.seda.controles.rapport import Controle, Rapport, Statut
from socle.normes.seda.controles.schema import load_schema
from socle.normes.seda.controles.verification import check_sip

__all__ = ["Attentes", "Controle", "Limites", "Rapport", "Statut", "check_sip", "load_schema"]
