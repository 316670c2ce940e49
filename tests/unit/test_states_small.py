"""States of aliases, ini files, disks, processes, logrotate and web servers."""
from __future__ import absolute_import, division, print_function
