"""The installer inside an archive: these files lie beside install.sh there, flat, and import each other as neighbours.

They use the standard library of the Python that the bundle is made for, and nothing of the program.
"""
