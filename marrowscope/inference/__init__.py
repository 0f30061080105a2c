"""Pixels to findings: ONNX Runtime ends in onnx_model."""
