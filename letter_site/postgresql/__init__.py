"""Django's PostgreSQL, which looks at a connection instead of asking it whether it lives."""
