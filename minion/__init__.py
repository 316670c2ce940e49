"""A synchronous, threaded Salt minion."""
__version__ = '0.1.0'

SALT_VERSION = '3008.3'
"""The Salt release whose functions and returns this minion offers; what test.version answers."""
