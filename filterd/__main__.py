"""`python -m filterd` is the same as the `filterd` command."""

from filterd.cli.main import main

if __name__ == "__main__":
    main()
