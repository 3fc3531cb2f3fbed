"""Diffusion of 32 x 32 sprites and textures from words. Vector pictures are elsewhere."""
