a:
  test.nop:
    - name: b
  test.succeed_without_changes:
    - name: c
