from django.db import models


class EtatEnvoi(models.TextChoices):
    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    ECHEC = "echec", "N’a pas pu partir"
    SANS_COURRIEL = "sans_courriel", "Sans courriel : adresse inconnue"
    REFUSE = "refuse", "Sans courriel : la personne n’en veut pas"
