"""The facts sentences state: numbers, what they count, and where two articles contradict."""
