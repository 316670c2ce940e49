"""This minion and the process that it is: id, master, versions, paths, locale."""
from __future__ import absolute_import, division, print_function

import hashlib
import os
import sys
import time

import minion
from minion import compat
from minion.helpers import hostfiles
from minion.helpers.rootfs import Root


def identity():
    """id; server_id, a number below 2**31 made of it; machine_id of the system; master."""
    name = __opts__.get('id', '')
    digest = hashlib.sha256(compat.to_bytes(name)).hexdigest()
    found = {'id': name, 'server_id': int(digest, 16) % (1 << 31), 'master': __opts__.get('master', '')}
    machine = hostfiles.machine_id(Root())
    if machine is not None:
        found['machine_id'] = machine
    return found


def paths():
    """cwd; path and systempath, the programs' search path as text and as list."""
    path = compat.environment().get('PATH', '').strip()
    return {'cwd': _working_folder(), 'path': path, 'systempath': path.split(os.pathsep)}


def _working_folder():
    try:
        return os.getcwd()
    except OSError:                               # it has been removed
        return ''


def python():
    """pythonversion as list, pythonpath, pythonexecutable."""
    return {'pythonversion': list(sys.version_info), 'pythonpath': list(sys.path), 'pythonexecutable': sys.executable}


def versions():
    """saltversion(info): the Salt release that we stand in for; minion_version: ours; saltpath; zmqversion."""
    found = {'saltversion': minion.SALT_VERSION, 'minion_version': minion.__version__,
             'saltversioninfo': [int(part) for part in minion.SALT_VERSION.split('.')],
             'saltpath': os.path.dirname(os.path.abspath(minion.__file__))}
    try:
        import zmq
        found['zmqversion'] = zmq.zmq_version()
    except ImportError:                           # a call without a master needs none
        pass
    return found


def locale_info():
    """locale_info: language and encoding of the process, its time zone."""
    language, encoding = compat.process_locale()
    return {'locale_info': {'defaultlanguage': language, 'defaultencoding': encoding,
                            'detectedencoding': compat.system_encoding(),
                            'timezone': time.tzname[bool(time.localtime().tm_isdst)]}}
