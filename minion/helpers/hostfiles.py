"""Facts about this host from /proc, /sys and /etc: processors, memory, kernel parameters, disks, name servers."""
from __future__ import absolute_import, division, print_function

import shlex

from minion import compat
from minion.helpers import cidr


def processors(root):
    """num_cpus (int), cpu_model, cpu_flags (list); later lines win, as in the reference."""
    found = {'num_cpus': 0, 'cpu_model': 'Unknown', 'cpu_flags': []}
    for key, value in _pairs(root.lines('/proc/cpuinfo')):
        if key == 'processor':
            found['num_cpus'] += 1
        elif key == '# processors' and value.isdigit():       # s390
            found['num_cpus'] = int(value)
        elif key in ('vendor_id', 'model name', 'cpu'):       # s390, x86, POWER
            found['cpu_model'] = value
        elif key == 'Processor':                              # old ARM kernels
            found['cpu_model'] = value.split('-')[0]
            found['num_cpus'] = 1
        elif key in ('flags', 'Features'):
            found['cpu_flags'] = value.split()
    return found


def memory(root):
    """mem_total and swap_total in MiB."""
    known = dict(_pairs(root.lines('/proc/meminfo')))
    return {'mem_total': _mebibytes(known.get('MemTotal')), 'swap_total': _mebibytes(known.get('SwapTotal'))}


def _mebibytes(value):
    number = (value or '').split(' ')[0]
    return int(number) // 1024 if number.isdigit() else 0


def _pairs(lines):
    """(key, value) of `key : value` lines; a value ends at the next colon."""
    for line in lines:
        parts = line.split(':')
        if len(parts) > 1:
            yield parts[0].strip(), parts[1].strip()


def kernel_parameters(root):
    """[[name, value or None], ...] of the kernel's command line; a value with `=` in it is left out, as in the
    reference. None if the line cannot be read."""
    text = root.text('/proc/cmdline')
    if text is None:
        return None
    try:
        words = shlex.split(text)
    except ValueError:                                        # a quote that is not closed
        words = text.split()
    parts = [word.split('=') for word in words]
    return [[part[0], part[1].strip('"') if len(part) == 2 else None] for part in parts]


def machine_id(root):
    """The text of /etc/machine-id, or D-Bus's; None if there is neither."""
    for path in ('/etc/machine-id', '/var/lib/dbus/machine-id'):
        if root.has(path):
            return (root.text(path) or '').strip()
    return None


def disks(root):
    """disks and ssds: names of block devices that turn, and of those that do not; without virtual ones."""
    found = {'disks': [], 'ssds': []}
    for name in root.names('/sys/block'):
        if not root.link('/sys/block/' + name).startswith('../devices/virtual/'):
            flag = (root.text('/sys/block/%s/queue/rotational' % name) or '')[:1]
            if flag in ('0', '1'):
                found['disks' if flag == '1' else 'ssds'].append(name)
    return found


def raid_arrays(root):
    """Sorted names of the software RAID arrays; None without that driver."""
    text = root.text('/proc/mdstat')
    if text is None:
        return None
    lines = [line for line in text.splitlines() if not line.startswith(('Personalities : ', 'unused devices:'))]
    return sorted(set(line.split(' : ')[0] for line in lines if ' : ' in line))


def secure_boot(root):
    """(started by EFI, with verified boot)."""
    for folder, ending in (('/sys/firmware/efi/efivars', ''), ('/sys/firmware/efi/vars', '/data')):
        if root.has(folder):
            names = [name for name in root.names(folder) if name.startswith('SecureBoot-')]
            value = root.text('%s/%s%s' % (folder, names[0], ending)) if len(names) == 1 else None
            return True, bool(value) and value.endswith('\x01')
    return False, False


# ---- name servers

def resolver(root):
    """The grain `dns`, from systemd's resolv.conf where there is one, else /etc/resolv.conf; None without either."""
    path = '/run/systemd/resolve/resolv.conf'
    text = root.text(path if root.has(path) else '/etc/resolv.conf')
    return None if text is None else parse_resolver(text)


def parse_resolver(text):
    """nameservers, ip4_nameservers, ip6_nameservers, sortlist, domain, search, options of a resolv.conf."""
    found = {'nameservers': [], 'ip4_nameservers': [], 'ip6_nameservers': [], 'sortlist': [], 'domain': '',
             'search': [], 'options': []}
    for line in text.splitlines():
        words = line.split()
        arguments = _before_comment(words[1:])
        if arguments:
            _directive(words[0].lower(), arguments, found)
    return found


def _before_comment(words):
    for at, word in enumerate(words):
        if word[0] in '#;':
            return words[:at]
    return words


def _directive(name, arguments, found):
    if name == 'nameserver':
        _add_server(arguments[0], found)
    elif name == 'domain':
        found['domain'] = arguments[0]
    elif name == 'search':
        found['search'] = arguments
    elif name == 'sortlist':
        for text in arguments:
            _add_network(text, found['sortlist'])
    elif name == 'options' and arguments[0] not in found['options']:
        found['options'].append(arguments[0])


def _add_server(text, found):
    base, percent, scope = text.partition('%')
    try:
        version, number = cidr.parse_address(base)
    except ValueError:                                        # the resolver ignores it, too
        return
    text = cidr.address_text(version, number) + percent + scope
    for names in (found['nameservers'], found['ip%d_nameservers' % version]):
        if text not in names:
            names.append(text)


def _add_network(text, networks):
    """One pair of the sortlist as address/mask; without a mask that of the address's class counts."""
    try:
        version, number, prefix = cidr.parse_network(text)
    except ValueError:
        return
    if version == 4 and '/' not in text:
        prefix = 8 if number >> 31 == 0 else 16 if number >> 30 == 2 else 24
        number &= cidr.mask(4, prefix)
    shown = '%s/%s' % (cidr.address_text(version, number), cidr.address_text(version, cidr.mask(version, prefix)))
    if shown not in networks:
        networks.append(shown)


def terminated(value):
    """Native text of a zero-terminated C string (bytes or text)."""
    return compat.to_native(value).split('\x00')[0]
