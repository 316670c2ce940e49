# listen and listen_in in one run, of names, and of what is nowhere
a:
  test.succeed_with_changes:
    - listen_in:
      - test: w1
      - test: nowhere
b:
  test.succeed_with_changes: []
w1:
  test.nop:
    - listen:
      - test: b
w2:
  test.nop:
    - names: [q, p]
    - listen:
      - test: a
      - test: missing
silent:
  test.nop:
    - listen_in:
      - test: silence
c:
  test.fail_with_changes:
    - failhard: True
    - listen_in:
      - test: w4
      - test: w3
w3:
  test.nop:
    - listen:
      - test: a
w4:
  test.nop: []
