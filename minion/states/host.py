"""States of /etc/hosts."""
from __future__ import absolute_import, division, print_function

_WARNING = ("Host %(name)s present for IP address %(ip)s. To get rid of this warning, either run this state with 'clean' set "
            "to True to remove %(name)s from %(ip)s, or add %(ip)s to the 'ip' argument.")


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def _listed(value):
    return value if isinstance(value, list) else [value]


def present(name, ip, comment='', clean=False):
    """A host has these addresses. comment: of their lines; clean: it has no others.

    the_db:
      host.present:
        - name: db.example.com
        - ip: [192.0.2.7, 192.0.2.8]
    """
    ret, wanted, test = _returned(name), _listed(ip), __opts__['test']
    hosts = __salt__['hosts.list_hosts']()
    comments, changes, warnings = [], ret['changes'], []
    to_add, to_comment = [], []
    for address in wanted:
        if name not in hosts.get(address, {}).get('aliases', []):
            to_add.append(address)
            if comment:
                to_comment.append(address)
        elif comment and hosts[address].get('comment') != comment:
            to_comment.append(address)
        else:
            comments.append('Host %s (%s) already present' % (name, address))
    others = [address for address, line in hosts.items()
              if not address.startswith('comment-') and name in line.get('aliases', []) and address not in wanted]
    if not clean:
        warnings = [_WARNING % {'name': name, 'ip': address} for address in sorted(others)]
        others = []
    for addresses, key, would, done, call in (
            (to_add, 'added', 'Host %s (%s) would be added', 'Added host %s (%s)', 'hosts.add_host'),
            (others, 'removed', 'Host %s (%s) would be removed', 'Removed host %s (%s)', 'hosts.rm_host')):
        for address in addresses:
            if not test and not __salt__[call](address, name):
                comments.append('Failed to %s host %s (%s)' % ('add' if key == 'added' else 'remove', name, address))
                ret['result'] = False
                continue
            comments.append((would if test else done) % (name, address))
            changes.setdefault(key, {}).setdefault(address, []).append(name)
    for address in to_comment:
        comments.append(_comment(ret, address, comment))
    if test and (to_add or others):
        ret['result'] = None
    ret['comment'] = '\n'.join(comments)
    return dict(ret, warnings=warnings) if warnings else ret


def _comment(ret, address, comment):
    if not __opts__['test'] and not __salt__['hosts.set_comment'](address, comment):
        ret['result'] = False
        return 'Failed to set comment for host %s (%s)' % (address, comment)
    ret['changes'].setdefault('comment_added', {})[address] = [comment]
    return ('Comment for %s (%s) would be added' if __opts__['test'] else 'Set comment for host %s (%s)') % (address, comment)


def absent(name, ip):
    """A host does not have these addresses."""
    ret, comments = _returned(name), []
    for address in _listed(ip):
        if not __salt__['hosts.has_pair'](address, name):
            comments.append('Host %s (%s) already absent' % (name, address))
        elif __opts__['test']:
            comments.append('Host %s (%s) needs to be removed' % (name, address))
            ret['result'] = None
        elif __salt__['hosts.rm_host'](address, name):
            ret['changes'] = {'host': name}
            comments.append('Removed host %s (%s)' % (name, address))
        else:
            ret['result'] = False
            comments.append('Failed to remove host')
    return dict(ret, comment='\n'.join(comments))


def only(name, hostnames):
    """The address `name` has these host names and no others.

    192.0.2.7:
      host.only:
        - hostnames: [db.example.com, db]
    """
    before, new = ' '.join(__salt__['hosts.get_alias'](name)), ' '.join(_listed(hostnames))
    if before == new:
        return _returned(name, True, 'IP address %s already set to "%s"' % (name, new))
    if __opts__['test']:
        return _returned(name, None, 'Would change %s from "%s" to "%s"' % (name, before, new))
    if not __salt__['hosts.set_host'](name, new):
        return _returned(name, False, 'hosts.set_host failed to change %s from "%s" to "%s"' % (name, before, new))
    return _returned(name, True, 'successfully changed %s from "%s" to "%s"' % (name, before, new),
                     {name: {'old': before, 'new': new}})
