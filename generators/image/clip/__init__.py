"""The image-text dual encoder: how well a small picture fits its words. It makes no picture."""
