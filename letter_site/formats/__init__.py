"""Ways of writing that Django does not bring for our languages."""
