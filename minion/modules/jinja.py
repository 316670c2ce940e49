"""What templates of the master define or hold (jinja.*)."""
from __future__ import absolute_import, division, print_function

import json

from minion.helpers import templating


def load_map(path, value):
    """The variable `value` that a template of the master defines. CLI: jinja.load_map myformula/map.jinja myformula"""
    return _value('{%% from "%s" import %s with context %%}{{ %s | tojson }}' % (path, value, value))


def import_yaml(path):
    """What the YAML of a template of the master says. CLI: jinja.import_yaml myformula/foo.yaml"""
    return _value('{%% import_yaml "%s" as imported %%}{{ imported | tojson }}' % path)


def import_json(path):
    """What the JSON of a template of the master says. CLI: jinja.import_json myformula/foo.json"""
    return _value('{%% import_json "%s" as imported %%}{{ imported | tojson }}' % path)


def _value(text):
    return json.loads(templating.render(text, 'jinja', templating.space_of(globals())))
