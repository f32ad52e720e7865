"""Staff accounts: how organisers, moderators and delivery staff come in, and nobody else."""
