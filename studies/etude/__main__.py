"""The command `etude`, also as `python -m etude`."""

from studies.commands.cli import main

if __name__ == "__main__":
    main()
