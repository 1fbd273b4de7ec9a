"""The ways a person gets in: the command line and the web chat. Knows nothing of Chroma."""
