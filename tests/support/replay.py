"""Replaying captured jobs of the reference against our executors, and bringing both returns to one form."""
from __future__ import absolute_import, division, print_function

import ast
import binascii
import datetime
import io
import json
import os
import re
import shutil

from minion import arguments, compat, executors, fileclient, payload
from minion.loader import Loader

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'parity')

# Modules that captured jobs call but that are not what these captures are about; they hide ours by their file name.
STAND_INS = {
    'cmdmod': "__virtualname__ = 'cmd'\n"
              "def __virtual__(): return 'cmd'\n"
              "def run(cmd, python_shell=True, **kwargs):\n"
              "    if cmd == 'exit 5': __context__['retcode'] = 5\n"
              "    return 'hi' if cmd == 'echo hi' else ''\n",
    'grains': "def items(): return __grains__\n",
}


class Jobs(object):
    """`__minion__.jobs` of a minion on which nothing runs."""

    def running(self):
        return []

    def find(self, jid):
        return {}

    def signal(self, jid, signum):
        return ''


class Link(object):
    """`__minion__`, as far as these modules use it; notes what it was asked for."""

    def __init__(self, request=None):
        self.jobs, self.refreshed, self.loader, self.request = Jobs(), [], None, request

    @property
    def files(self):
        """The file client over `request`, or over `file_roots` with `file_client: local`."""
        opts = self.loader.opts
        return fileclient.FileClient(opts, fileclient.door(opts, self.request))

    def refresh(self, kind):
        self.refreshed.append(kind)

    def functions(self):
        return self.loader


def rows(name):
    """The captured cases of one file, the oldest first."""
    return read('returns', name + '.json')


def read(*parts):
    """A JSON file of tests/data/parity."""
    with io.open(os.path.join(DATA, *parts), encoding='utf-8') as stream:
        return json.load(stream)


def make_loader(folder, **settings):
    """A Loader with the fixture modules as synced ones below `folder` (text), and what the reference had around."""
    modules = os.path.join(folder, 'modules')
    os.mkdir(modules)
    for name in os.listdir(os.path.join(DATA, 'modules')):
        shutil.copy(os.path.join(DATA, 'modules', name), os.path.join(modules, name.replace('.txt', '')))
    for name, source in STAND_INS.items():
        with open(os.path.join(modules, name + '.py'), 'w') as stream:
            stream.write(source)
    with io.open(os.path.join(DATA, 'pillar.yaml'), encoding='utf-8') as stream:
        pillar = compat.native_tree(compat.import_yaml().safe_load(stream))
    opts = {'id': 'ref1', 'extension_modules': folder, 'hash_type': 'sha256', 'master': '127.0.0.1',
            'master_port': 31401, 'test': False, 'backup_mode': '', 'module_executors': ['direct_call']}
    opts.update(settings)
    link = Link()
    grains = {'os': 'Debian', 'id': 'ref1', 'nosuch': None}      # an earlier capture had set the grain `nosuch`
    link.loader = Loader(opts, grains, pillar, link)
    link.loader.link = link                                      # for tests that give it more to do
    return link.loader


def load_of(row):
    """The job as a master publishes it, decoded."""
    load = {'fun': row['fun'], 'arg': _from_json(row['arg']), 'jid': '20261123041652229848', 'ret': row.get('ret', ''),
            'tgt': 'ref1', 'tgt_type': 'glob', 'user': 'root',
            'minion_is_target': True, 'pure_resource_target': False, 'resource_targets': []}
    load.update(row.get('pub_kwargs') or {})
    return load


def _from_json(value):
    if compat.is_text(value) and value.startswith(u'\x00hex:'):
        return binascii.unhexlify(value[5:].encode('ascii'))
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    return value


def answer(loader, row):
    """What our minion returns for a case: {return, retcode, success, fun_args, [out], items of a generator}."""
    load, items = load_of(row), []
    outcome = executors.run(loader, load, items.append)
    sent = {'return': outcome.value, 'retcode': outcome.retcode, 'success': outcome.success,
            'fun_args': arguments.echo(load['arg'])}
    if outcome.out:
        sent['out'] = outcome.out
    made = shown(payload.to_text_tree(payload.unpack(payload.pack(sent))))
    made['items'] = [shown(payload.to_text_tree(payload.unpack(payload.pack(item)))) for item in items]
    return normal(made)


def expectation(row):
    """The same of the reference."""
    sent = dict((key, row['sent'][key]) for key in ('return', 'retcode', 'success', 'fun_args', 'out')
                if key in row['sent'])
    sent['items'] = [event['data']['data']['return'] for event in row.get('other_events', ())
                     if '/prog/' in event['tag']]
    return normal(sent)


def shown(value):
    """A decoded value in the form of the captures: bytes, odd numbers and keys, and dates as mappings."""
    if isinstance(value, bytes):
        return {'__bytes_hex__': binascii.hexlify(value).decode('ascii')}
    if isinstance(value, float) and (value != value or value in (float('inf'), float('-inf'))):
        return {'__float__': repr(value)}
    if isinstance(value, dict):
        if all(compat.is_text(key) for key in value):
            return dict((key, shown(item)) for key, item in value.items())
        return {'__map__': sorted(([key, shown(item)] for key, item in value.items()), key=repr)}
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, datetime.datetime):
        return {'__repr__': repr(value), '__type__': 'datetime'}
    return value


_FRAMES = re.compile(r'(Traceback \(most recent call last\):\n)(?:  .*\n)+')
_DOC = re.compile(r'\A(Passed invalid arguments to [^\n]*\n).+\Z', re.DOTALL)
_KWARGS_REPR = re.compile(r"\A\{.*'__pub_fun'.*\}\Z", re.DOTALL)
_PLACEHOLDERS = (('http://h/', 'http://<host>/'), ('http://127.0.0.1:9/', 'http://<host>/'), ('http://x', 'http://<host>'),
                 ('20261123041652229848', '<jid>'))


def normal(value):
    """Either side without what cannot agree: frames, docstrings, the host and jid, keys of 3008's resources."""
    if isinstance(value, dict):
        if '__map__' in value:
            return {'__map__': sorted(value['__map__'], key=repr)}
        return dict((key, normal(item)) for key, item in value.items())
    if isinstance(value, list):
        return [normal(item) for item in value]
    if not compat.is_text(value):
        return value
    for real, placeholder in _PLACEHOLDERS:
        value = value.replace(real, placeholder)
    if _KWARGS_REPR.match(value):
        return normal(_literal(value))
    value = _FRAMES.sub(r'\1  <frames>\n', value)
    return _DOC.sub(r'\1<docstring of the function>', value)


def _literal(text):
    """The mapping that a Python text form stands for, as the order of its entries may differ."""
    return ast.literal_eval(text)
