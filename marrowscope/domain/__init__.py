"""The vocabulary: frozen values and arithmetic, no input or output.

Standard library, numpy and scipy only. Everything else imports this; this imports
nothing of the program.
"""
