// Montre le bouton « clé de sécurité » là où le navigateur sait s’en servir.
if (window.PublicKeyCredential) document.getElementById("passkey")?.removeAttribute("hidden");
