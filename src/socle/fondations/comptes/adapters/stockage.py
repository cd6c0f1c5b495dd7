"""Sessions en base, par une lecture gardée composée : chaque page d’une personne en lit une."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from socle.fondations.commun.lectures import Lecture, Parametre

SESSION = Lecture(
    lambda: Session.objects.filter(
        session_key=Parametre("cle"), expire_date__gt=Parametre("maintenant")
    )
)


class SessionStore(db.SessionStore):
    """Le rangement de Django ; seule la lecture change. Réglage : `SESSION_ENGINE`."""

    def _get_session_from_db(self) -> Any:
        session = SESSION.first(cle=self.session_key, maintenant=timezone.now())
        if session is None:  # inconnue ou finie
            self._session_key = None
        return session
