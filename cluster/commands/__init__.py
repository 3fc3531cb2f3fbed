"""The command line: one file a command, each a library call plus printing."""
