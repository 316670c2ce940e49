"""State modules: what `state.*` brings about on the host, a plug-in a file."""
