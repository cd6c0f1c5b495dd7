"""La preuve : ce qui permet à un tiers de vérifier, seul et sans nous croire, ce qui a été fait.

Mots : entrée (une ligne du journal), arbre (les empreintes des entrées, deux à deux), tête (taille
et racine de l’arbre d’une collectivité), point de contrôle (tête de l’arbre de toutes les têtes,
signée), engagement (empreinte salée d’une donnée tue), dossier de preuve (l’archive remise).

Normes : RFC 8785 (JSON canonique), RFC 6962 et 9162 (arbres de Merkle), C2SP signed-note et
tlog-checkpoint (notes et points signés), RFC 8032 (Ed25519), RFC 3161 (horodatage).

Entrées : `dossier.write_dossier_de_preuve`, `verification.verify_dossier_de_preuve`.
"""
