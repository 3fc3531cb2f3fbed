"""The makers: generators of text, images, meshes and sound behind one port. The only package that loads torch."""
