"""Small pixel pictures drawn by rules, with captions: what diffusion and the dual encoder learn from, and share."""
