__sls__: x
a: test.nop
