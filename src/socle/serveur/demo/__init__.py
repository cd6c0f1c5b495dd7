"""La démonstration : installe, joue la démarche par de vraies requêtes, puis sert le site.

`commande` est le cadre (options, durées, tableau, JSON) ; `etapes` tient le scénario.
"""
