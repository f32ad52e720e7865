"""What breaks on a campaign's machines, broken on purpose while people sign.

Real parts on loopback, PostgreSQL durable as in production. Afterwards every signature that was
answered for is looked for in the database, and every name counted.
"""
