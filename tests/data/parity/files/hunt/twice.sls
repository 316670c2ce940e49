#!jinja|yaml
a: test.nop
a: test.nop
