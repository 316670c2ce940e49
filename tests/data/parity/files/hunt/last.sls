# what the last ones need comes first
a:
  test.nop:
    - order: first
b:
  test.nop:
    - order: -1
    - require:
      - test: d
c:
  test.nop:
    - order: last
    - require:
      - test: e
d:
  test.nop: []
e:
  test.nop: []
f:
  test.nop:
    - order: -2
    - require:
      - test: g
g:
  test.nop:
    - order: last
