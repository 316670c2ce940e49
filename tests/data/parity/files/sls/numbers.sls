5:
  test.nop
