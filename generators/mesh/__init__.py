"""3D props: primitive programs, the transformer that writes them, and GLB. Not for scenes or terrain."""
