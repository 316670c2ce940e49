include:
  - .deep
  - ..good
subid:
  test.nop: []
