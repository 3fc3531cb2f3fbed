"""Weights that Worldloom trained itself, as safetensors, a model card beside each."""
