"""Les démarches qu’une collectivité met en ligne, leurs versions et leur publication.

Mots : démarche (ce que l’on peut demander), version (formulaire figé par la publication),
événement de vie (rubrique du portail), silence (ce que vaut l’absence de réponse), rebut (défaut
qui empêche de publier).
Textes : CRPA, art. L. 112-8 à L. 112-11 (saisine par voie électronique), L. 231-1 et L. 231-4
(silence), R. 112-9-1.
Entrées : `services.create_demarche`, `services.publish_version`, `queries.list_publiees`.
"""
