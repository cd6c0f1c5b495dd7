"""Vérifier une connexion gardée sans instruction SQL.

Une connexion au repos n’a rien à lire. Si sa prise est lisible, le serveur l’a fermée ou a écrit
un avis : alors seulement, `SELECT 1` tranche. Django l’enverrait à chaque requête.
"""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Connexion de Django ; seule `is_usable` change."""

    def is_usable(self) -> bool:
        """Dit si la connexion gardée peut resservir."""
        if self.connection is None or self.connection.closed:
            return False
        lien = self.connection.pgconn
        if lien.transaction_status != TransactionStatus.IDLE:
            return bool(super().is_usable())
        guet = select.poll()
        guet.register(lien.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not guet.poll(0) or bool(super().is_usable())
