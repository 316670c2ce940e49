include:
a: test.nop
