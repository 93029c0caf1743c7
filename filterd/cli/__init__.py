"""The command line, one file a command; `main` reads a command's file only when it is asked for."""
