"""Texts as vectors of whole numbers, by models of the user's. What is compared with what is agents' business."""
