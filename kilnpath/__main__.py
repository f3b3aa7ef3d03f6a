"""``python -m kilnpath``: the command line, also where the program itself is not on the path."""

from kilnpath.commands.main import main

if __name__ == "__main__":
    main()
