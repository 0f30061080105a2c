"""Lower precision: made, measured against fp32, shipped only where nothing is lost.

    python -m marrowscope.training precision --bundle models/lee --data DATA

Static int8 (QDQ, one scale per output channel) is for processors, fp16 for graphics
cards. Training pictures choose the ranges and the nodes that stay fp32; validation
pictures only decide whether what came out may be shipped. No torch is needed.
"""
