"""Processors, memory, cards, firmware, and whether the machine is real."""
from __future__ import absolute_import, division, print_function

import re

from minion.helpers import firmware, hostfiles, programs, virtual
from minion.helpers.rootfs import Root

_GPU_CLASSES = ('3d controller', 'display controller', 'processing accelerators', 'vga compatible controller')
_GPU_VENDORS = ('nvidia', 'amd', 'ati', 'intel', 'cirrus logic', 'vmware', 'matrox', 'aspeed')
_PS = 'ps -efHww'
_PS_OF_OPENVZ_HOST = ('ps -fH -p $(grep -l "^envID:[[:space:]]*0\\$" /proc/[0-9]*/status | '
                      'sed -e "s=/proc/\\([0-9]*\\)/.*=\\1=")  | awk \'{ $7=""; print }\'')


def processors():
    """num_cpus, cpu_model, cpu_flags."""
    return hostfiles.processors(Root())


def memory():
    """mem_total, swap_total in MiB."""
    return hostfiles.memory(Root())


def parameters():
    """kernelparams: pairs of name and value of the kernel's command line."""
    found = hostfiles.kernel_parameters(Root())
    return {} if found is None else {'kernelparams': found}


def identity():
    """biosversion, biosvendor, biosreleasedate, boardname, manufacturer, productname, serialnumber, uuid."""
    return dict(firmware.device_tree(Root()), **firmware.identity(Root(), programs.output))


identity.brings = firmware.GRAINS


def fibre_channel_host():
    """fibre_channel_host: True if there is a fibre channel card."""
    return {'fibre_channel_host': Root().is_folder('/sys/class/fc_host')}


def storage_names():
    """fc_wwn, iscsi_iqn, nvme_nqn: names in storage networks, as far as the settings *_grains ask for them."""
    root, found = Root(), {}
    if __opts__.get('fibre_channel_grains'):
        names = [root.line('/sys/class/fc_host/%s/port_name' % name) for name in root.names('/sys/class/fc_host')]
        found['fc_wwn'] = [name.replace('0x', '') for name in names if name]
    if __opts__.get('iscsi_grains'):
        lines = [line.strip() for line in root.lines('/etc/iscsi/initiatorname.iscsi')]
        found['iscsi_iqn'] = [line.partition('=')[2] for line in lines if line.startswith('InitiatorName=')]
    if __opts__.get('nvme_grains'):
        found['nvme_nqn'] = [line.strip() for line in root.lines('/etc/nvme/hostnqn') if line.startswith('nqn.')]
    return found


def _no_gpus():
    return {'num_gpus': 0, 'gpus': []}


def gpus():
    """num_gpus, gpus: graphics cards as {'vendor', 'model'}, unless `enable_gpu_grains` or `enable_lspci` is off."""
    wanted = __opts__.get('enable_gpu_grains', True) and __opts__.get('enable_lspci', True)
    cards = _cards(programs.output('lspci', '-vmm') or '') if wanted else []
    return {'num_gpus': len(cards), 'gpus': cards}


gpus.brings, gpus.meanwhile = ('num_gpus', 'gpus'), _no_gpus


def _cards(text):
    found = []
    for block in text.split('\n\n'):
        known = dict((key.strip(), value.strip()) for key, colon, value in
                     (line.partition(':') for line in block.splitlines()) if colon)
        if known.get('Class', '').lower() in _GPU_CLASSES:
            words = re.split('[^A-Za-z0-9]', known.get('Vendor', '').lower())
            vendor = next((name for name in _GPU_VENDORS if name in words), 'unknown')
            found.append({'vendor': vendor, 'model': known.get('Device', '')})
    return found


def _physical():
    return {'virtual': 'physical', 'ps': _PS}


def virtual_machine():
    """virtual, virtual_subtype, virtual_hv_*; ps, the command that lists this host's processes and no container's."""
    found = virtual.grains(Root(), programs.ask, __opts__.get('enable_lspci', True))
    found['ps'] = _PS_OF_OPENVZ_HOST if found['virtual'] == 'openvzhn' else _PS
    return found


virtual_machine.brings = ('virtual', 'virtual_subtype', 'ps') + virtual.HYPERVISOR
virtual_machine.meanwhile = _physical
