{{ salt.pillar.get('nosuch', 'none') }}-{{ salt.grains.get('id') == grains.id }}-{{ salt['grains']['get']('nosuch', 'x') }}: test.nop
{{ salt.test.nosuch is defined }}-{{ salt.nosuch is defined }}-{{ salt.test.ping() }}: test.nop
