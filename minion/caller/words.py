"""The command line of `minion call`: the options of `salt-call`, read as it reads them, in any order.

optparse and not click: options may stand behind the function and may be shortened, and what is wrong is said in the
words that `salt-call` says it in.
"""
from __future__ import absolute_import, division, print_function

import optparse

from minion import options

USAGE = '%prog [options] <function> [arguments]'
OUTPUT, DIFFERENT = 'Output options', 'Accepted, without effect here'


class Ended(Exception):
    """The command line is answered: `code` is the exit code, `text` goes to standard error, `out` to standard output."""

    def __init__(self, code, text='', out=''):
        Exception.__init__(self, text)
        self.code, self.text, self.out = code, text, out


class _Parser(optparse.OptionParser):
    """Raises Ended where the original ends the process."""

    def error(self, msg):
        raise Ended(64, '%s\nminion call: error: %s\n' % (self.get_usage(), msg))

    def exit(self, status=0, msg=None):
        raise Ended(status, msg or '')

    def print_help(self, file=None):
        raise Ended(0, '', self.format_help())


def parser():
    """The OptionParser."""
    made = _Parser(USAGE, prog='minion call', description='Run a function of the execution modules on this host.')
    for rows, group in ((_common(), made), (_call(), made), (_output(), _group(made, OUTPUT)),
                        (_ignored(), _group(made, DIFFERENT))):
        for names, settings in rows:
            group.add_option(*names, **settings)
    return made


def _group(made, title):
    group = optparse.OptionGroup(made, title)
    made.add_option_group(group)
    return group


def _flag(text):
    return {'action': 'store_true', 'default': False, 'help': text}


def _text(text, **settings):
    return dict(settings, help=text)


def _common():
    return [
        (['--version'], _flag('Print the version.')),
        (['-V', '--versions-report'], _flag('Print the versions of all that is involved.')),
        (['-c', '--config-dir'], _text('Folder of the file `minion` [default: /etc/salt].')),
        (['-l', '--log-level'], _text('What the console shows: one of %s.' % ', '.join(options.LEVELS), type='choice',
                                      choices=list(options.LEVELS))),
        (['--log-file'], _text('File or address for the log.')),
        (['--log-file-level'], _text('What goes there.', type='choice', choices=list(options.LEVELS),
                                     dest='log_level_logfile')),
        (['--saltfile'], _text('File with defaults for these options, in its section salt-call.')),
        (['--cachedir'], _text('Folder of what is kept.')),
    ]


def _call():
    return [
        (['--local'], _flag('Work without a master.')),
        (['--master'], _text('Address of the master.')),
        (['--id'], _text('Another id for this call.')),
        (['-t', '--timeout'], _text('Seconds to wait for the answer to the sign-in.', type='float',
                                    dest='auth_timeout')),
        (['--args-stdin'], _flag('Read further words from standard input, one a line.')),
        (['--no-parse'], _text('Names of arguments, separated by commas, whose values stay text.', default='')),
        (['-g', '--grains'], _flag('Print the grains.')),
        (['-d', '--doc', '--documentation'], _flag('Print what the function, or each function, is for.')),
        (['-m', '--module-dirs'], _text('A folder with more execution modules; may be repeated.', action='append',
                                        default=[])),
        (['--states-dir'], _text('A folder with more states.', dest='states_dirs')),
        (['--return'], _text('Returners that get the return as well.', dest='returner', metavar='RETURNER')),
        (['--no-return-event'], _flag('Do not send the return to the master.')),
        (['--file-root'], _text('Folder of files, with --local.')),
        (['--pillar-root'], _text('Folder of pillar, with --local.')),
        (['--retcode-passthrough'], _flag('End with the return code of the function.')),
        (['--metadata'], _flag('Print the whole return, not its value alone.')),
        (['--set-metadata'], _text('A mapping (YAML) to be kept with the return.')),
        (['--skip-grains'], _flag('Do not collect grains.')),
        (['--refresh-grains-cache'], _flag('Collect grains though there are some in the cache.')),
        (['--module-executors'], _text('Executors (YAML) that the function runs through.')),
        (['--executor-opts'], _text('Options (YAML) for these.')),
        (['--priv'], _text('Account to run the function as.', metavar='USER')),
    ]


def _output():
    return [
        (['--out', '--output'], _text('Outputter: nested, txt, json, yaml, raw, pprint, quiet, ...', dest='output')),
        (['--out-indent', '--output-indent'], _text('Blanks for each level, with json and yaml; negative: one line.',
                                                    dest='output_indent', type='int')),
        (['--out-file', '--output-file'], _text('File for the output.', dest='output_file')),
        (['--out-file-append', '--output-file-append'], dict(_flag('Add to that file.'), dest='output_file_append')),
        (['--no-color', '--no-colour'], dict(_flag('No colour.'), dest='no_color')),
        (['--force-color', '--force-colour'], dict(_flag('Colour though there is no terminal.'), dest='force_color')),
        (['--state-output', '--state_output'], _text('How states are shown.', dest='state_output')),
        (['--state-verbose', '--state_verbose'], _text('Show states that changed nothing.', dest='state_verbose')),
        (['--output-diff'], dict(_flag('Show only states that changed something.'), dest='state_output_diff')),
    ]


def _ignored():
    return [
        (['--hard-crash'], _flag('An error is shown as it is in any case.')),
        (['--profiling-path'], _text('No profile is made.')),
        (['--enable-profiling'], _flag('No profile is made.')),
    ]


def read(arguments):
    """(options, words) of a command line.  :raises Ended: it asks for help or makes no sense."""
    made = parser()
    chosen, words = made.parse_args(arguments)
    if chosen.doc and len(words) > 1:
        made.error('You can only get documentation for one method at one time')
    if not (words or chosen.grains or chosen.doc or chosen.version or chosen.versions_report):
        text = '%s\nminion call: error: Requires function, --grains or --doc\n' % made.get_usage()
        raise Ended(64, text, made.format_help())
    return chosen, words
