"""Colours of terminals, as outputters write them."""
from __future__ import absolute_import, division, print_function

CODES = {'black': '0;30', 'red': '0;31', 'green': '0;32', 'yellow': '0;33', 'blue': '0;34', 'magenta': '0;35',
         'cyan': '0;36', 'white': '0;37', 'bold black': '0;1;30', 'bold red': '0;1;31', 'bold green': '0;1;32',
         'bold yellow': '0;1;33', 'bold blue': '0;1;34', 'bold magenta': '0;1;35', 'bold cyan': '0;1;36',
         'bold white': '0;1;37'}
END = '\033[0;0m'


def painter(opts):
    """paint(color, text) -> text, with the codes around it where `opts` asks for colour."""
    if not opts.get('color'):
        return lambda color, text: text
    return lambda color, text: '\033[%sm%s%s' % (CODES[color], text, END)
