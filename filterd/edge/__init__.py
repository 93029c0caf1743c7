"""Where filterd meets the machine: listeners, sessions, processes, log, and the parts of the demo."""
