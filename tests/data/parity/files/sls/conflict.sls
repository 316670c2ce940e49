include:
  - sls.good
first:
  test.nop
