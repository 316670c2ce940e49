include:
  - sls.missing
a:
  test.nop
