"""Articles in, a published index generation out. Knows nothing of questions."""
