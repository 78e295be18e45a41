"""The command `etude`: one module per command."""
