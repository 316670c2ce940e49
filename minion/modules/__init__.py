"""Execution modules: one file for each name that a master may call, or for each way of providing that name.

They import compat, errors, files, helpers and the standard library, and get the rest filled in by the loader.
"""
