"""What plug-ins written for Salt import of it, in our own words: the folder behind the package name `salt`.

minion/saltnames.py puts it there on hosts without Salt when a plug-in wants it; nothing else of this program imports it.
Only what such plug-ins commonly use is here; an import of more fails, and the log says what was not found.
"""
from __future__ import absolute_import, division, print_function
