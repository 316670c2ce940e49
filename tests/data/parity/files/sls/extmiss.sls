extend:
  nosuch:
    test:
      - name: x
a:
  test.nop
