{{ salt.test.nosuch() }}: test.nop
