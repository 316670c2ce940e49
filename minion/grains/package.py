"""How this program was installed."""
from __future__ import absolute_import, division, print_function


def package():
    """package: None; `onedir`, `pip` and `system` name packages of Salt, which this is not."""
    return {'package': None}


def ca_truststore():
    """ca_truststore: `os`; we bring no certificates of our own."""
    return {'ca_truststore': 'os'}
