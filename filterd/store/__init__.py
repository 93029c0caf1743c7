"""Mail at rest: files, directories, Maildir, mbox, standard input. Reads only, and never a whole store at once."""
