"""The workshop: the only place torch is imported (extra: ``marrowscope[training]``).

Nothing imports this package. Each family has one module with its ``main``
(``python -m marrowscope.training.lee``); data come from ``datasets``, networks
from ``networks``, augmentation presets from ``recipes``, the loop from ``loop``.
"""
