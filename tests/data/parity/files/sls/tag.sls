a:
  test.nop:
   - x: !nosuch 5
