"""What a run of bin/check does on this host: which Pythons and masters, in which steps, what is left out and why."""
from __future__ import absolute_import, division, print_function

import os
import shutil

import setup
from minion import compat
from tests.support.environments import interpreters, masters, results
from tests.support.environments.steps import Step, StepFailed, command
from tests.support.environments.virtual import Environment, expect

ROOT = os.path.dirname(os.path.abspath(setup.__file__))
REDUCED_PYTHONS, ALL_PYTHONS = ('2.7', '3.6', '3.13'), ('2.7', '3.6', '3.9', '3.11', '3.13')
UNIT_SECONDS, REAL_SECONDS, INSTALLED_SECONDS = 3300, 3600, 300
# not on the Pythons outside of the cells of the reduced matrix: what a release takes away shows on the next one that is one
IGNORED = ['--ignore-glob=*/test_modules_*.py', '--ignore-glob=*/test_parity_*.py',
           '--ignore-glob=*/test_states_*.py']
AGAIN = 10              # so many failed tests of a step are run once more: hosts stall, and it is told which tests needed it
INSTALLED = ('setup.py', 'setup.cfg', 'README.md', 'CHANGELOG.md', 'LICENSE', 'bin', 'conf', 'minion')


def version(name):
    """(3, 11) of '3.11'."""
    return tuple(int(part) for part in name.split('.'))


def development(interpreter, folder):
    """The Environment in which the tests run under a Python: libraries and test tools, not the minion itself."""
    wanted = setup.requirements('options', 'install_requires', version(interpreter.name))
    wanted += setup.requirements('options.extras_require', 'test', version(interpreter.name))
    return Environment(os.path.join(folder, 'envs', interpreter.name), interpreter, [wanted])


class Plan(object):
    """:param options: what the command line says; see check.py.  :param str folder: the check folder."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.logs = os.path.join(folder, 'logs')
        self.found = interpreters.find()
        self.left_out = []                              # (what, why)
        self.again = []                                 # (step name, test) that passed only when it was run again
        self.reports = {}                               # step name to the path of its XML report
        self.pythons = self._choose_pythons()
        self.recipes = self._choose_masters()
        self.environments = dict((name, development(self.found[name], folder)) for name in self.pythons)
        self.cell_pythons = self._choose_cell_pythons()

    # ---- choice

    def _choose_pythons(self):
        asked = self.options.python
        if not asked:
            for name in interpreters.WANTED:
                if name not in self.found:
                    self.left_out.append(('Python ' + name, 'no such interpreter found'))
            return sorted(self.found, key=version)
        for name in asked:
            if name not in self.found:
                self.left_out.append(('Python ' + name, 'asked for, but no such interpreter found'))
        return sorted([name for name in set(asked) if name in self.found], key=version)

    def _choose_cell_pythons(self):
        if self.options.python:
            return list(self.pythons)
        chosen = []
        for name in ALL_PYTHONS if self.options.all else REDUCED_PYTHONS:
            near = interpreters.nearest(name, self.found)
            if near and near not in chosen:
                chosen.append(near)
            if near != name:
                self.left_out.append(('real masters with Python ' + name,
                                      'no such interpreter found' + (', %s instead' % near if near else '')))
        return chosen

    def _choose_masters(self):
        known = dict((recipe.version, recipe) for recipe in masters.RECIPES)
        wanted = self.options.master or ([recipe.version for recipe in masters.RECIPES] if self.options.all
                                         else masters.REDUCED)
        chosen = []
        for name in wanted:
            recipe = known.get(name)
            if recipe is None:
                self.left_out.append(('master ' + name, 'no recipe for it; there are ' + ', '.join(sorted(known))))
            elif masters.environment(recipe, self.found, self.folder) is None:
                self.left_out.append(('master ' + name, 'needs Python ' + ' or '.join(recipe.pythons)))
            else:
                chosen.append(recipe)
        return chosen

    @property
    def runner(self):
        """The Python that the tests against real masters run on themselves."""
        return self.pythons[-1]

    # ---- steps

    def steps(self):
        """All Steps, in the order in which they are worth starting."""
        if not self.pythons:
            return []
        unit, real = not self.options.real, not self.options.unit
        if unit:
            self.left_out += [('Python ' + name, 'not in the reduced matrix, --all runs it')
                              for name in self.pythons if not self._is_run(name)]
        needed = [name for name in self.pythons
                  if unit and self._is_run(name) or name in self.cell_pythons + [self.runner]]
        steps = [self._environment_step(name) for name in reversed(needed)]
        if real:
            steps += [self._master_step(recipe) for recipe in self.recipes]
        if unit:
            steps += [self._lint_step()]
            steps += [self._unit_step(name) for name in reversed(self.pythons) if name in self.cell_pythons]
        if real:
            steps += [self._real_step(recipe) for recipe in self.recipes]
            steps += [self._install_step(name) for name in self.cell_pythons]
        if unit:
            steps += [self._unit_step(name) for name in reversed(self.pythons)
                      if name not in self.cell_pythons and self._is_run(name)]
        return [step for step in steps if step is not None]

    def _is_run(self, name):
        """Do any unit tests run on this Python? In the reduced matrix on those of the whole one."""
        return self.options.all or name in self.cell_pythons or name in ALL_PYTHONS

    def _is_whole(self, name):
        """Do the functional tests run on this Python, too? In the reduced matrix on the oldest and the newest of its cells."""
        return bool(self.options.all or self.options.python) or name in (self.cell_pythons[0], self.cell_pythons[-1])

    def _log(self, name):
        return os.path.join(self.logs, name.replace(' ', '-') + '.log')

    def _make(self, environment, log):
        return environment.make(log, helpers(self.found), os.path.join(self.folder, 'tools'))

    def _environment_step(self, name):
        step = 'environment %s' % name
        return Step(step, self._make(self.environments[name], self._log(step)))

    def _master_step(self, recipe):
        step = 'master %s' % recipe.version
        return Step(step, self._make(masters.environment(recipe, self.found, self.folder), self._log(step)))

    def _lint_step(self):
        able = [name for name in self.pythons if any(
            each.startswith('flake8') for each in setup.requirements('options.extras_require', 'test', version(name)))]
        if not able:
            self.left_out.append(('lint', 'needs Python 3.9 or newer'))
            return None
        return Step('lint', self._lint(able[-1]), ['environment ' + able[-1]])

    def _lint(self, name):
        log = self._log('lint')
        status = yield command([self.environments[name].python, '-m', 'flake8'], log, UNIT_SECONDS, folder=ROOT)
        expect(status, 'flake8 has complaints', log)

    def _unit_step(self, name):
        step, cell = 'tests %s' % name, self.options.all or name in self.cell_pythons
        places = ['tests/unit'] + (['tests/functional'] if self._is_whole(name) else []) + ([] if cell else IGNORED)
        if not self._is_whole(name):
            what = 'functional tests' if cell else 'functional tests and tests of execution modules'
            self.left_out.append(('%s on Python %s' % (what, name), 'not in the reduced matrix, --all runs them'))
        share = {} if cell else {'MINION_FUZZ_SHARE': '0.2'}
        return Step(step, self._pytest(step, name, places, UNIT_SECONDS, share), ['environment ' + name])

    def _real_step(self, recipe):
        step = 'real %s' % recipe.version
        home = masters.environment(recipe, self.found, self.folder).folder
        words = ['%s=%s' % (name, self.environments[name].python) for name in self.cell_pythons]
        surroundings = {'MINION_REAL_MASTERS': '%s=%s' % (recipe.version, home), 'MINION_REAL_PYTHONS': ' '.join(words),
                        'MINION_REAL_OUTAGE': '30' if self.options.all else '3',
                        'MINION_REAL_WHOLE': '1' if self.options.all else ''}
        needs = ['environment ' + name for name in self.cell_pythons + [self.runner]] + ['master ' + recipe.version]
        places = ['tests/real', '--ignore=tests/real/test_install.py']
        return Step(step, self._pytest(step, self.runner, places, REAL_SECONDS, surroundings), needs)

    def _install_step(self, name):
        step = 'install %s' % name
        return Step(step, self._install(step, name), ['environment ' + self.runner])

    def _install(self, step, name):
        """Install the checkout as a user would, in an environment that holds nothing yet, and look at the outcome."""
        source = os.path.join(self.folder, 'source-' + name)
        export(source)
        fresh = Environment(os.path.join(self.folder, 'installed', name), self.found[name], [[source]])
        if os.path.isdir(fresh.folder):
            shutil.rmtree(fresh.folder)
        yield self._make(fresh, self._log(step))
        yield self._pytest(step, self.runner, ['tests/real/test_install.py'], INSTALLED_SECONDS,
                           {'MINION_INSTALLED': '%s=%s' % (name, fresh.folder)})

    def _pytest(self, step, name, places, seconds, surroundings):
        log, report = self._log(step), os.path.join(self.logs, step.replace(' ', '-') + '.xml')
        if os.path.exists(report):
            os.remove(report)
        self.reports[step] = report
        cache = os.path.join(self.folder, 'caches', step.replace(' ', '-'))
        shutil.rmtree(cache, ignore_errors=True)
        words = [self.environments[name].python, '-m', 'pytest', '-o', 'cache_dir=' + cache,
                 '--continue-on-collection-errors']
        words += ['-k', self.options.k] if self.options.k else []
        status = yield command(words + ['--junitxml=' + report] + places, log, seconds, surroundings, ROOT)
        if status == 1 and 0 < results.count(results.cases(report)).failed <= AGAIN:
            second = report[:-len('.xml')] + '-again.xml'
            status = yield command(words + ['--lf', '--junitxml=' + second] + places, log, seconds, surroundings, ROOT)
            self.again += [(step, case) for case in results.mend(report, second)]
        counts = results.count(results.cases(report))
        if status == 5 or not sum(counts):
            raise StepFailed('no test was run' if status == 5 else 'pytest ended with %s before any test' % status, log)
        expect(status, '%d passed, %d failed, %d skipped' % counts, log)


def helpers(found):
    """Interpreters that may help to make an environment for another one, the newest first."""
    return [found[name] for name in sorted(found, key=version, reverse=True) if name != '2.7']


def export(folder):
    """Copy what is installed, and nothing else, of the checkout to a new folder: old pips copy all that lies around."""
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    compat.make_dirs(folder, 0o755)
    for name in INSTALLED:
        path = os.path.join(ROOT, name)
        if os.path.isdir(path):
            shutil.copytree(path, os.path.join(folder, name), ignore=shutil.ignore_patterns('*.py[co]', '__pycache__'))
        elif os.path.exists(path):
            shutil.copy(path, folder)
