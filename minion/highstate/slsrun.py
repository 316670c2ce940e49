"""A run of states that come from SLS files: its World, what its master says about states, reading, running."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, matchers
from minion.errors import CommandExecutionError
from minion.helpers import rendering, templating
from minion.helpers.rendererror import SaltRenderError
from minion.highstate import compiler, declaring, graph, reading, runner, tops, verify, world

NOTHING = 'No Top file or master_tops data matches found. Please see master log for details.'
NO_STATES = 'No states found for this minion'
PILLAR_WRONG = 'Pillar failed to render with the following messages:'
BAD_PILLAR = 5                                   # retcode
# What counts for states as the master has it, whatever the minion's own settings say.
_OF_MASTER = ('renderer', 'state_top', 'state_auto_order', 'top_file_merging_strategy', 'env_order', 'default_top',
              'state_aggregate', 'jinja_env', 'jinja_sls_env', 'jinja_lstrip_blocks', 'jinja_trim_blocks')
_OF_MASTER_OR_NOTHING = (('failhard', False), ('state_top_saltenv', None), ('nodegroups', {}))


class SlsRun(object):
    """:param minion: `__minion__`.  :param dict opts: `__opts__` of the module.  :param client: the FileClient.
    :param test: of the call.  :param dict keywords: its further arguments: pillar, saltenv, pillarenv, localconfig, mock.
    """

    def __init__(self, minion, opts, client, test=None, keywords=None):
        keywords = keywords or {}
        if client is None:
            raise CommandExecutionError('this minion has no file client')
        self._given = dict(keywords, **_chosen_env(opts, keywords))
        self._minion, self._client, self._test, self._outer = minion, client, test, opts
        answer = {} if opts.get('file_client') == 'local' else client.master_opts()
        self._of_master, self._old_master = of_master(answer), 'jinja_env' not in answer
        self._own = local_config(keywords.get('localconfig'))
        self._own.update((name, keywords[name]) for name in ('mock', 'orchestration_jid') if keywords.get(name))
        self.tree = reading.Tree(client)
        self.begin()

    def begin(self):
        """Make the World; again after plug-ins were synced."""
        self.world = world.make(self._minion, self._outer, self._test, self._given.get('pillar'), self._given)
        self.opts = self.world.opts
        self.opts.update(self._of_master, **self._own)

    def set(self, name, value):
        """Have a setting hold in this run."""
        self._own[name] = self.opts[name] = value

    @property
    def saltenv(self):
        """The environment of a run that names its SLS files."""
        return self.opts.get('saltenv') or 'base'

    def refused(self):
        """What the master says about a pillar that it could not render: list of texts, empty where it could."""
        found = self.world.pillar.get('_errors') if isinstance(self.world.pillar, dict) else None
        if not found or self._given.get('force'):
            return []
        return [PILLAR_WRONG] + (found if isinstance(found, list) else [found])

    # ---- reading

    def read(self, wanted):
        """(high data, errors) of SLS files by environment."""
        return self._reader().high(wanted)

    def _reader(self):
        return reading.Reader(self.tree, self._render, self.opts.get('state_auto_order') is not False)

    def read_here(self, path):
        """(high data, errors) of an SLS file of this host."""
        if not os.path.isfile(path):
            return {}, ['Specified SLS %s on local filesystem cannot be found.' % path]
        return self._reader().one(path, self.saltenv, path)

    def _render(self, sls, saltenv, path, copy):
        return self.rendered(rendering.text_of(copy), saltenv, reading.variables(sls, path, copy))

    def rendered(self, text, saltenv, variables):
        """What a text says, by the renderers that its first line or the settings name."""
        space = templating.Space(self.world.functions, self.opts, self.world.grains, self.world.pillar, self._client, saltenv,
                                 variables)
        return rendering.rendered(text, space, self.world.loader.other('renderers').functions)

    # ---- top files

    def top(self):
        """The merged top file.  :raises SaltRenderError:"""
        return self._tops().top()

    def _tops(self):
        return tops.Tops(dict(self.opts, saltenv=self.opts.get('saltenv')), self.tree, self._render_top)

    def _render_top(self, saltenv, path):
        copy = self._client.cache_file('salt://' + path, saltenv)
        if not copy:
            return None
        return self.rendered(rendering.text_of(copy), saltenv, reading.variables('', path, copy))

    def chosen(self, top):
        """{environment: SLS files} of the top file, and of the master's `master_tops`, for this minion."""
        view = matchers.make_view(self.opts['id'], lambda: self.world.grains, lambda: self.world.pillar,
                                  self.opts.get('nodegroups') or {})
        found = tops.chosen(top, lambda kind, target: matchers.matches(kind, target, view), self.tree.environments(),
                            self.opts.get('saltenv'))
        return tops.with_master_tops(found, self._master_tops(), self.opts.get('master_tops_first'))

    def _master_tops(self):
        if self.opts.get('file_client') == 'local':
            return {}
        shown = dict((name, self.opts.get(name)) for name in ('id', 'saltenv', 'pillarenv', 'master', 'file_client'))
        return self._client.master_tops(dict(shown, grains=self.world.grains), self._old_master)

    # ---- running

    def run(self, high):
        """Results by tag of high data, or list of errors."""
        return runner.high(self.world, high)

    def low(self, high):
        """(chunks, errors) of high data."""
        return runner.low_of(self.world, high)

    def low_as_it_stands(self, high):
        """The same without what it says of other ids: `extend`, `exclude`, `require_in` and its like."""
        return compiler.bare(high, self.world.disabled, self.world.watches)

    def graph(self, high):
        """High data as it stands, as a graph for Graphviz."""
        return graph.of_high(high, self.world.disabled)

    def run_id(self, high, id_):
        """Results of the states of one id, or list of errors."""
        chunks, errors = self.low(high)
        return errors or runner.Run(self.world).some(chunks, lambda chunk: chunk['__id__'] == id_)

    def wrong(self, high):
        """What is wrong with the form of high data: list of texts."""
        return verify.errors_of(high)


def of_master(answer):
    """Settings that hold in a run, from what a master answers to `_master_opts`."""
    found = dict((name, answer[name]) for name in _OF_MASTER if answer.get(name) is not None)
    found.update((name, answer.get(name, default)) for name, default in _OF_MASTER_OR_NOTHING)
    if answer.get('state_events'):
        found['state_events'] = answer['state_events']
    return found if answer else {}


def local_config(path):
    """The settings that `localconfig` adds.  :raises SaltRenderError: the file is no mapping in YAML."""
    if not path or not os.path.isfile(path):
        return {}
    from minion.helpers import slsyaml
    found = slsyaml.load(rendering.text_of(path))
    if found is not None and not isinstance(found, dict):
        raise SaltRenderError('%s: holds no settings' % path)
    return dict(found or {})


def _chosen_env(opts, keywords):
    """The environments of a call.  :raises CommandExecutionError: another than the locked one."""
    found, wanted, own = {}, keywords.get('saltenv'), opts.get('saltenv')
    if wanted is not None:
        wanted = compat.to_native(compat.shown(wanted))
        if opts.get('lock_saltenv') and wanted != own:
            raise CommandExecutionError('lock_saltenv is enabled, saltenv cannot be changed')
        found['saltenv'] = wanted
    if keywords.get('pillarenv') is not None:
        found['pillarenv'] = compat.to_native(compat.shown(keywords['pillarenv']))
    elif opts.get('pillarenv_from_saltenv') and (wanted or own):
        found['pillarenv'] = wanted or own
    return found


def no_states(comment):
    """What a highstate returns that has nothing to do."""
    return {'no_|-states_|-states_|-None': {'result': False, 'comment': comment, 'name': 'No States', 'changes': {},
                                            '__run_num__': 0}}


def template(run, text, name):
    """(high data, errors) of a text that is no file."""
    found = run.rendered(text, run.saltenv, {'sls': ''})
    if not found:
        return {}, []
    if not isinstance(found, dict):
        return {}, ['Template %s does not render to a dictionary' % name]
    return declaring.alone(found, name)
