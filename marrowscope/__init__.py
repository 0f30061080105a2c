"""MarrowScope reads bone marrow smears and says how sure each percentage is.

Layers, upper ones import lower ones only (checked by import-linter)::

    gui | cli | training
    workflow
    analysis | report | store | evaluation | phantom
    inference
    imaging
    domain
"""

__version__ = "0.1.0"
