"""Whether answers got better or worse, for which questions, and whether that is more than chance.

Text in, seed fixed: two runs over the same archive give the same figures to the last byte.
"""
