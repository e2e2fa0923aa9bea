"""Every sentence that a person reads about a result, once: `why`, the report, the terminal and Python say the same.

Sentences are functions of plain numbers, and know no table: who asks brings the numbers. Nothing here claims more than
the tests do: accounts are linked when they act together more than the model explains, which is no verdict on anybody.
"""
