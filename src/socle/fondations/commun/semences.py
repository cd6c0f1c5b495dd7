"""Ce que chaque métier du programme sème pour la démonstration, rejouable."""

from collections.abc import Callable
from datetime import datetime

from socle.fondations.commun.registre import Registre

# « 20-catalogue » → sème, sans rien refaire ni changer de ce qui existe ; rend une phrase.
semences: Registre[Callable[[datetime], str]] = Registre("semences")
