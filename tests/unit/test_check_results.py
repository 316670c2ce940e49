"""What bin/check makes of reports: a test that passed when it was run again counts as passed, and is named."""
from __future__ import absolute_import, division, print_function

from tests.support.environments import results

FIRST = ('<testsuites><testsuite><testcase classname="a" name="one"><failure message="x"/></testcase>'
         '<testcase classname="a" name="two"><failure message="x"/></testcase>'
         '<testcase classname="a" name="two"><error message="x"/></testcase>'
         '<testcase classname="a" name="three"/></testsuite></testsuites>')
SECOND = ('<testsuites><testsuite><testcase classname="a" name="one"><failure message="x"/></testcase>'
          '<testcase classname="a" name="two"/></testsuite></testsuites>')


def test_only_what_passed_again_is_mended(tmpdir):
    first, second = tmpdir.join('first.xml'), tmpdir.join('second.xml')
    first.write(FIRST)
    second.write(SECOND)
    assert results.count(results.cases(str(first))) == (1, 2, 0)
    assert results.mend(str(first), str(second)) == ['a.two']
    assert results.cases(str(first)) == [('a.one', 'failed'), ('a.two', 'passed'), ('a.three', 'passed')]
    assert results.mend(str(first), str(tmpdir.join('none.xml'))) == []
