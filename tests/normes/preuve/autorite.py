"""Une autorité d’horodatage faite avec la commande `openssl`, pour de vrais jetons RFC 3161."""

import shutil
import subprocess
from pathlib import Path

import pytest

CONFIGURATION = """
[req]
distinguished_name = nom
[nom]
[tsa]
default_tsa = tsa_locale
[tsa_locale]
serial = {dossier}/serie
signer_cert = {dossier}/tsa.pem
signer_key = {dossier}/tsa.cle
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[autorite]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[horodateur]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Autorite:
    """Autorité racine et horodateur, dans un dossier jetable."""

    def __init__(self, dossier: Path, cle: str = "rsa:2048") -> None:
        if not shutil.which("openssl"):
            pytest.skip("la commande openssl est absente")
        self.dossier = dossier
        self.configuration = dossier / "tsa.cnf"
        self.configuration.write_text(CONFIGURATION.format(dossier=dossier))
        (dossier / "serie").write_text("01")
        racine = "-keyout ac.cle -out ac.pem -subj /CN=Autorite -x509 -days 3650"
        self._run(f"req -newkey {cle} -nodes -config tsa.cnf {racine} -extensions autorite")
        demande = "-keyout tsa.cle -out tsa.csr -subj /CN=Horodateur"
        self._run(f"req -newkey {cle} -nodes -config tsa.cnf {demande}")
        signature = "-CA ac.pem -CAkey ac.cle -CAcreateserial -days 3650"
        extensions = "-extfile tsa.cnf -extensions horodateur"
        self._run(f"x509 -req -in tsa.csr -out tsa.pem {signature} {extensions}")

    @property
    def pem(self) -> bytes:
        return (self.dossier / "ac.pem").read_bytes()

    def ask(self, octets: bytes, empreinte: str) -> bytes:
        """Fait une demande avec `openssl`, sur une autre empreinte s’il le faut."""
        (self.dossier / "octets").write_bytes(octets)
        self._run(f"ts -query -data octets -{empreinte} -cert -out demande.tsq")
        return (self.dossier / "demande.tsq").read_bytes()

    def stamp(self, requete: bytes) -> bytes:
        (self.dossier / "requete.tsq").write_bytes(requete)
        fichiers = "-queryfile requete.tsq -out jeton.tsr"
        self._run(f"ts -reply -config tsa.cnf -section tsa_locale {fichiers}")
        return (self.dossier / "jeton.tsr").read_bytes()

    def _run(self, arguments: str) -> None:
        commande = ["openssl", *arguments.split()]
        fini = subprocess.run(commande, cwd=self.dossier, capture_output=True, check=False)
        assert fini.returncode == 0, fini.stderr.decode()
