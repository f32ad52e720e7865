"""The promises made to signers, asked of the running product from outside.

gunicorn, PostgreSQL, Redis, the task worker and a mail server, each a process of its own; nothing
is replaced and nothing is looked at from within. `python -m bench.trust` asks everything but the
long outage, `python -m bench.trust outage --minutes 10` asks that as well.
"""
