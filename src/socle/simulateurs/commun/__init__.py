"""Ce que tous les simulateurs partagent : réponses, clés, jetons scellés, usage unique."""
