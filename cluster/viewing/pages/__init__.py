"""What the live page looks like, in NiceGUI: a file a part. What it shows is computed in `viewing`."""
