"""A synchronous, threaded Salt minion."""
__version__ = '0.1.0'
