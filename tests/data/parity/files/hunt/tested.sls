ok: test.nop
ch: test.succeed_with_changes
bad: test.fail_with_changes
l1:
  test.nop: [{onfail: [{test: ch}]}]
l2:
  test.nop: [{onfail: [{test: ok}]}]
l3:
  test.nop: [{onfail_all: [{test: ch}, {test: ok}]}]
l4:
  test.nop: [{onfail: [{test: bad}]}, {require: [{test: ok}]}]
l5:
  test.nop: [{umask: x}]
