"""`salt.syspaths`: where Salt's files lie by default."""
from __future__ import absolute_import, division, print_function

ROOT_DIR = '/'
CONFIG_DIR, CACHE_DIR, SOCK_DIR, LOGS_DIR, PIDFILE_DIR = (
    '/etc/salt', '/var/cache/salt', '/var/run/salt', '/var/log/salt', '/var/run')
SRV_ROOT_DIR, BASE_FILE_ROOTS_DIR, BASE_PILLAR_ROOTS_DIR = '/srv', '/srv/salt', '/srv/pillar'
