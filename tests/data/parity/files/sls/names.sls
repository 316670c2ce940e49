a:
  test.nop:
    - names:
      - x
      - y
