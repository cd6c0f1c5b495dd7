"""Bases des modèles, et la table des limites de fréquence."""

from typing import Any

from django.db import models

from socle.fondations.commun.chiffrement import decrypt, encrypt


class Horodate(models.Model):
    """Traces techniques de création et de modification. Jamais lues par une règle métier."""

    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True


class ChampChiffre(models.BinaryField):
    """Texte chiffré au repos (clé hors de la base) ; en Python, une chaîne ordinaire.

    Ne peut servir ni de filtre ni de tri : pour retrouver une valeur, garder à côté une
    empreinte à clé.
    """

    def from_db_value(
        self, value: bytes | None, expression: object, connection: object
    ) -> str | None:
        return None if value is None else decrypt(bytes(value)).decode()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = encrypt(value.encode())
        return super().get_db_prep_value(value, connection, prepared)

    def to_python(self, value: object) -> object:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")


class Frequence(models.Model):
    """Seau de comptage d’une limite de fréquence. Table non journalisée : on peut la perdre."""

    cle = models.CharField(max_length=100, primary_key=True)
    nombre = models.PositiveIntegerField()
    expire_le = models.DateTimeField(db_index=True)
