"""Shipped weights of the diffusion model of sprites and textures; README.md is their model card."""
