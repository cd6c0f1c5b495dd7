"""Clé de sécurité logicielle : de vraies réponses WebAuthn, avec la faute que le test demande."""

import hashlib
import json
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIE, ATTESTE = 0x01, 0x04, 0x40


class CleDeSecurite:
    """Une clé ES256, attestation « none », utilisateur vérifié."""

    def __init__(self, origine: str = "https://testserver") -> None:
        self.origine = origine
        self.privee = ec.generate_private_key(ec.SECP256R1())
        self.identifiant = b"cle-de-securite-" + hashlib.sha256(origine.encode()).digest()[:8]
        self.compteur = 0
        self.titulaire = ""

    def create(self, options: dict[str, Any], **fautes: Any) -> str:
        """Répond à `navigator.credentials.create` ; rend le JSON que le formulaire envoie."""
        public = options["publicKey"]
        self.titulaire = public["user"]["id"]
        cle = cbor.encode(dict(ES256.from_cryptography_key(self.privee.public_key())))
        atteste = bytes(16) + struct.pack(">H", len(self.identifiant)) + self.identifiant + cle
        donnees = self._build_donnees(public["rp"]["id"], ATTESTE, **fautes) + atteste
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": donnees})
        client = self._build_client("webauthn.create", public["challenge"], **fautes)
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(attestation),
            },
            {"credProps": {"rk": True}},
        )

    def get(self, options: dict[str, Any], **fautes: Any) -> str:
        """Répond à `navigator.credentials.get`."""
        public = options["publicKey"]
        donnees = self._build_donnees(public["rpId"], 0, **fautes)
        client = self._build_client("webauthn.get", public["challenge"], **fautes)
        privee = fautes.get("privee", self.privee)
        signature = privee.sign(
            donnees + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(donnees),
                "signature": websafe_encode(signature),
                "userHandle": self.titulaire,
            },
            {},
        )

    def _build_donnees(self, domaine: str, drapeaux: int, **fautes: Any) -> bytes:
        self.compteur += 1
        empreinte = hashlib.sha256(fautes.get("rp", domaine).encode()).digest()
        drapeaux |= PRESENT | (0 if fautes.get("non_verifie") else VERIFIE)
        return empreinte + struct.pack(">BI", drapeaux, self.compteur)

    def _build_client(self, genre: str, tire: str, **fautes: Any) -> bytes:
        contenu = {
            "type": genre,
            "challenge": fautes.get("defi", tire),
            "origin": fautes.get("origine", self.origine),
        }
        return json.dumps(contenu).encode()

    def _answer(self, reponse: dict[str, str], extensions: dict[str, Any]) -> str:
        identifiant = websafe_encode(self.identifiant)
        return json.dumps(
            {
                "type": "public-key",
                "id": identifiant,
                "rawId": identifiant,
                "response": reponse,
                "clientExtensionResults": extensions,
                "authenticatorAttachment": "platform",
            }
        )
