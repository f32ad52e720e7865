"""Public pages: thin; they call services and put exceptions into words."""
