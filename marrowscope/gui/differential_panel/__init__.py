"""The numbers of the case, in two layers that never look alike.

What a model suggests is pale and hatched, without interval or verdict; what a person
confirmed is solid, with its 95 % interval and, for dysplasia, a verdict in a word.
"""
