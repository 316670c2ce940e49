"""Values as the outputters show them (out.*), for templates and files."""
from __future__ import absolute_import, division, print_function

from minion import compat


def out_format(data, out='nested', opts=None, **kwargs):
    """The text that an outputter makes of `data`; `nested` if there is no such one. CLI: out.out_format '{a: 1}' out=yaml"""
    kinds = __minion__.functions().other('outputters').functions
    name = compat.to_native(out) + '.output'
    show = kinds[name] if name in kinds else kinds['nested.output']
    given = dict((key, value) for key, value in kwargs.items() if not key.startswith('__'))
    return compat.to_native(show(data, **given)).rstrip()


def string_format(data, out='nested', opts=None, **kwargs):
    """The same as out.out_format, without colours. CLI: out.string_format '{a: 1}'"""
    return out_format(data, out, opts, **kwargs)


def html_format(data, out='nested', opts=None, **kwargs):
    """out.string_format for web pages: blanks and line ends stay what they are. CLI: out.html_format '{a: 1}'"""
    text = string_format(data, out, opts, **kwargs)
    return text.replace(' ', '&nbsp;').replace('\n', '<br />')
