"""Données essentielles de la commande publique (DECP) 2.0.4 : vérifier, lire et écrire.

Cinq mots : un *marché* a un acheteur et des *titulaires* ; une *concession* a une autorité
concédante et des *concessionnaires* ; une *modification* s’ajoute au contrat sans jamais le
réécrire ; un *acte de sous-traitance* vit dans son marché ; un *seuil* vaut à une date.

Entrées : `validation.validate_decp` (octets d’un inconnu, JSON ou XML → rapport),
`lecture.read_decp` (octets conformes → contrats typés), `ecriture.write_json` et `write_xml`
(contrats typés → octets conformes), `seuils.find_seuil` (un seuil, le jour donné).
Ni Django, ni réseau, ni horloge.

Textes : code de la commande publique, art. L. 2196-2, R. 2196-1 et R. 3131-1 ; arrêtés du
22 décembre 2022, modifiés le 22 décembre 2023, l’un sur les marchés, l’autre sur les concessions ;
schémas `139bercy/format-commande-publique` 2.0.4 (JSON) et 2.0.2 (XSD, dernier publié).
"""
