"""What the firmware says of the machine: /sys/class/dmi/id, the device tree, or the program dmidecode."""
from __future__ import absolute_import, division, print_function

import re

_DMI = '/sys/class/dmi/id/'
_FIELDS = (('biosversion', 'bios_version', 'bios-version'), ('biosvendor', 'bios_vendor', 'bios-vendor'),
           ('boardname', 'board_name', None), ('productname', 'product_name', 'system-product-name'),
           ('manufacturer', 'sys_vendor', 'system-manufacturer'),
           ('biosreleasedate', 'bios_date', 'bios-release-date'), ('uuid', 'product_uuid', 'system-uuid'),
           ('serialnumber', 'product_serial', 'system-serial-number'))
GRAINS = tuple(row[0] for row in _FIELDS)
_OTHER_SERIALS = ('chassis-serial-number', 'baseboard-serial-number')
_NOT_SET = re.compile(r'to be filled|un(?:known|specified)|not?(?:ne)? (?:asset|provided|defined|available|present|'
                      r'specified)', re.IGNORECASE)
_NO_NUMBER = re.compile(r'^0+$|^0?1234567|sernum|part[_-]?number|specified|filled|applicable', re.IGNORECASE)
_NO_MAKER = re.compile(r'manufacturer|to be filled|available|asset|^no(?:ne|t)', re.IGNORECASE)
_WRONG = {'serialnumber': _NO_NUMBER, 'biosversion': _NO_NUMBER, 'manufacturer': _NO_MAKER}


def identity(root, output):
    """Grains biosversion, biosvendor, boardname, productname, manufacturer, biosreleasedate, uuid, serialnumber.

    Those that the firmware or our rights do not give are missing.

    :param Root root: of the system.
    :param callable output: programs.output; asked where the kernel has no /sys/class/dmi (before 2.6.22).
    """
    if root.is_folder(_DMI):
        found = dict((grain, root.text(_DMI + name)) for grain, name, _ in _FIELDS)
        found = dict((grain, text.strip()) for grain, text in found.items() if text is not None)
    else:
        found = _from_program(output)
    if 'uuid' in found:
        found['uuid'] = found['uuid'].lower()
    return found


def _from_program(output):
    found = {}
    for grain, _, keyword in _FIELDS:
        text = _clean(grain, output('dmidecode', '-s', keyword)) if keyword else None
        if text:
            found[grain] = text
    for keyword in _OTHER_SERIALS:
        if found and 'serialnumber' not in found:
            text = _clean('serialnumber', output('dmidecode', '-s', keyword))
            if text:
                found['serialnumber'] = text
    return found


def _clean(grain, text):
    """None for what makers leave in fields that they do not fill in."""
    lines = [line for line in (text or '').splitlines() if not line.startswith('#')]
    text = '\n'.join(lines).strip()
    if not text or text.lower().startswith('none') or text.startswith('/dev/mem'):
        return None
    if grain == 'uuid':
        return text if _is_uuid(text) else None
    return None if _WRONG.get(grain, _NOT_SET).search(text) else text


def _is_uuid(text):
    return re.match(r'[0-9a-fA-F]{32}\Z', text.replace('-', '').strip('{}')) is not None


def device_tree(root):
    """manufacturer, productname, serialnumber of a machine described by a device tree (ARM, POWER); {} on others."""
    found = {}
    model = _tree_text(root, 'model')
    if model:
        maker, comma, product = model.partition(',')
        found['productname'] = product if comma else model
        if comma:
            found['manufacturer'] = maker
    serial = _tree_text(root, 'serial-number') or _tree_text(root, 'system-id')
    if serial:
        found['serialnumber'] = serial
    return found


def _tree_text(root, name):
    return (root.text('/proc/device-tree/' + name) or '').rstrip('\x00')


def summary(root, output):
    """Lines `Vendor: x`, `Manufacturer: x`, `Product Name: x`, `Version: x` as dmidecode has them, '' without any."""
    if not root.is_folder(_DMI):
        return output('dmidecode') or ''
    fields = (('Vendor', ('bios_vendor',)), ('Manufacturer', ('sys_vendor', 'board_vendor', 'chassis_vendor')),
              ('Product Name', ('product_name', 'board_name')), ('Version', ('product_version', 'bios_version')))
    lines = ['%s: %s' % (title, root.line(_DMI + name)) for title, names in fields for name in names
             if root.line(_DMI + name)]
    return '\n'.join(lines)
