a:
  test.nop: [{listen: [{test: c}]}]
b:
  test.fail_without_changes: [{failhard: true}]
c: test.nop
