# a circle and a requisite that is nowhere
x:
  test.nop:
    - require:
      - test: nowhere
y:
  test.nop:
    - order: last
z:
  test.nop:
    - order: first
    - require:
      - test: y
w:
  test.nop:
    - prereq:
      - test: y
      - test: z
