"""Is this machine real? Grains virtual, virtual_subtype, virtual_hv_*.

Programs made for the question are asked first, then the firmware, then traces in /proc and /sys that tell of
containers; later answers replace earlier ones. The names are those that masters know (3008.3).
"""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import firmware

_DETECT_VIRT = ('qemu', 'kvm', 'oracle', 'xen', 'bochs', 'chroot', 'uml', 'systemd-nspawn')
_DETECT_VIRT_PARTS = (('vmware', 'VMware', None), ('microsoft', 'VirtualPC', None), ('lxc', 'container', 'LXC'),
                      ('podman', 'container', 'Podman'), ('docker', 'container', 'Docker'),
                      ('amazon', 'Nitro', 'Amazon EC2'))
_VIRT_WHAT = {'kvm': ('kvm', None), 'qemu': ('qemu', None), 'uml': ('uml', None), 'xen': ('xen', None),
              'ibm_power-kvm': ('kvm', None), 'ibm_power-lpar_shared': ('LPAR', 'shared'),
              'ibm_power-lpar_dedicated': ('LPAR', 'dedicated')}
_VIRT_WHAT_PARTS = (('lxc', 'container', 'LXC'), ('docker', 'container', 'Docker'), ('vmware', 'VMware', None),
                    ('parallels', 'Parallels', None), ('nutanix', 'kvm', 'Nutanix AHV'), ('hyperv', 'HyperV', None))
_FIRMWARE = (('BHYVE', 'bhyve', None), ('Manufacturer: oVirt', 'kvm', 'ovirt'),
             ('Product Name: RHEV Hypervisor', 'kvm', 'rhev'), ('VirtualBox', 'VirtualBox', None),
             ('VMware', 'VMware', None), ('Parallels Software', 'Parallels', None),
             ('Manufacturer: Google', 'kvm', None), ('Vendor: SeaBIOS', 'kvm', None), ('Vendor: QEMU', 'kvm', None),
             ('Manufacturer: QEMU', 'kvm', None), ('Vendor: Bochs', 'kvm', None), ('Manufacturer: Bochs', 'kvm', None))
_PCI = (('vmware', 'VMware', None), ('virtualbox', 'VirtualBox', None), ('qemu', 'kvm', None), ('virtio', 'kvm', None))
_PRODUCTS = (('VirtualBox', 'VirtualBox', None), ('RHEV Hypervisor', 'kvm', 'rhev'), ('oVirt Node', 'kvm', 'ovirt'),
             ('Google', 'gce', None), ('BHYVE', 'bhyve', None))
_CGROUPS = ((':/lxc/', 'container', 'LXC'), (':/kubepods/', None, 'kubernetes'), (':/libpod_parent/', None, 'libpod'),
            (':/system.slice/docker', 'container', 'Docker'), (':/docker/', 'container', 'Docker'),
            (':/docker-ce/', 'container', 'Docker'))
HYPERVISOR = ('virtual_hv_version', 'virtual_hv_version_info', 'virtual_hv_features', 'virtual_hv_features_list')
_XEN_FEATURES = ('writable_page_tables', 'writable_descriptor_tables', 'auto_translated_physmap',
                 'supervisor_mode_kernel', 'pae_pgdir_above_4gb', 'mmu_pt_update_preserve_ad', None,
                 'gnttab_map_avail_bits', 'hvm_callback_vector', 'hvm_safe_pvclock', 'hvm_pirqs', 'dom0',
                 'grant_map_identity', 'memory_op_vnode_supported', 'ARM_SMCCC_supported')


def grains(root, ask, lspci=True):
    """{'virtual': name, ...}; 'physical' where nothing tells of anything else.

    :param Root root: of the system.  :param callable ask: programs.ask.
    :param bool lspci: the list of PCI devices may be asked for (setting `enable_lspci`).
    """
    def output(*argv):
        answer = ask(*argv)
        return answer.text if answer is not None and answer.code == 0 else None

    found = {'virtual': 'physical'}
    _by_programs(root, ask, output, lspci, found)
    _by_traces(root, found)
    if found.get('virtual_subtype') and found['virtual'] == 'physical':
        found['virtual'] = 'virtual'
    if found['virtual'] in ('qemu', 'kvm', 'xen', 'amazon'):
        _by_cloud(firmware.summary(root, output), found)
    if 'xen' in found['virtual']:
        found.update(hypervisor(root))
    return found


def _set(found, name, subtype):
    if name:
        found['virtual'] = name
    if subtype:
        found['virtual_subtype'] = subtype
    return True


def _first_part(text, parts, found):
    """Set what the first of the rows (part of the text, virtual, virtual_subtype) says; False if none is in it."""
    for part, name, subtype in parts:
        if part in text:
            return _set(found, name, subtype)
    return False


# ---- programs and firmware

def _by_programs(root, ask, output, lspci, found):
    answer = ask('virt-what')
    if answer is not None:
        if answer.code == 0:
            _by_virt_what(answer.text, found)
            return
    elif _by_detect_virt(output('systemd-detect-virt'), found):
        return
    else:
        text = firmware.summary(root, output)
        if text:
            _by_firmware(text, found)
            return
    if lspci and root.has('/proc/bus/pci'):
        _first_part((output('lspci') or '').lower(), _PCI, found)


def _by_detect_virt(text, found):
    if text in _DETECT_VIRT:
        return _set(found, text, None)
    return bool(text) and _first_part(text, _DETECT_VIRT_PARTS, found)


def _by_virt_what(text, found):
    for line in text.splitlines():
        if line in _VIRT_WHAT:
            _set(found, *_VIRT_WHAT[line])
            return
        if _first_part(line, _VIRT_WHAT_PARTS, found):
            return


def _by_firmware(text, found):
    if ': Microsoft' in text and 'Virtual Machine' in text:
        _set(found, 'VirtualPC', None)
    elif 'Manufacturer: Nutanix' in text and 'Product Name: AHV' in text:
        _set(found, 'kvm', 'Nutanix AHV')
    else:
        _first_part(text, _FIRMWARE, found)


def _by_cloud(text, found):
    """Amazon and Nutanix run hypervisors that call themselves something else."""
    lines = [line.strip().partition(': ')[::2] for line in text.splitlines()]
    if ('Manufacturer', 'Amazon EC2') in lines:
        product = next((value for title, value in lines if title == 'Product Name'), None)
        _set(found, None if found['virtual'] == 'xen' else 'Nitro',
             'Amazon EC2 (%s)' % product if product else 'Amazon EC2')
    elif any(title == 'Version' and '.amazon' in value for title, value in lines):
        _set(found, None, 'Amazon EC2')
    elif ('Manufacturer', 'Nutanix') in lines and ('Product Name', 'AHV') in lines:
        _set(found, None, 'Nutanix AHV')


# ---- traces

def _by_traces(root, found):
    if _in_chroot(root):
        _set(found, None, 'chroot')
    _by_openvz(root, found)
    if any(root.is_folder(folder) for folder in ('/proc/sys/xen', '/sys/bus/xen', '/proc/xen')):
        _by_xen(root, found)
    if 'QEMU Virtual CPU' in (root.text('/proc/cpuinfo') or ''):
        _set(found, 'kvm', None)
    _first_part(root.text('/sys/devices/virtual/dmi/id/product_name') or '', _PRODUCTS, found)
    _first_part(root.text('/proc/1/cgroup') or '', _CGROUPS, found)
    if 'container=lxc' in (root.text('/proc/1/environ') or ''):
        _set(found, 'container', 'LXC')


def _in_chroot(root):
    try:
        ours, first = os.stat(root.at('/')), os.stat(root.at('/proc/1/root/.'))
    except OSError:                               # no /proc, or not allowed to look
        return False
    return (ours.st_dev, ours.st_ino) != (first.st_dev, first.st_ino)


def _by_openvz(root, found):
    if root.has('/proc/vz/version'):
        _set(found, 'openvzhn', None)
    elif root.has('/proc/vz/veinfo'):
        _set(found, 'openvzve', None)
    for line in root.lines('/proc/self/status'):
        words = line.split()
        if len(words) == 2 and words[0] == 'envID:' and words[1].isdigit():
            _set(found, 'openvzve' if int(words[1]) else 'openvzhn', None)


def _by_xen(root, found):
    capabilities = root.text('/proc/xen/capabilities')
    if root.has('/proc/xen/xsd_kva') or 'control_d' in (capabilities or ''):
        subtype = 'Xen Dom0'
    elif root.line('/sys/class/dmi/id/product_name') == 'HVM domU':
        subtype = 'Xen HVM DomU'
    elif capabilities is not None or root.is_folder('/sys/bus/xen/drivers/xenconsole'):
        subtype = 'Xen PV DomU'
    else:                                         # a kernel that could run on Xen
        return
    _set(found, 'xen', subtype)


def hypervisor(root):
    """virtual_hv_version, virtual_hv_version_info, virtual_hv_features, virtual_hv_features_list, as far as known."""
    found = {}
    version = [root.line('/sys/hypervisor/version/' + part) for part in ('major', 'minor')]
    extra = root.text('/sys/hypervisor/version/extra')
    if None not in version and extra is not None:
        found['virtual_hv_version_info'] = version + [extra.strip()]
        found['virtual_hv_version'] = '%s.%s%s' % tuple(found['virtual_hv_version_info'])
    features = root.line('/sys/hypervisor/properties/features')
    try:
        bits = int(features or '', 16)
    except ValueError:
        return found
    found['virtual_hv_features'] = features
    found['virtual_hv_features_list'] = [name for bit, name in enumerate(_XEN_FEATURES) if name and bits >> bit & 1]
    return found
