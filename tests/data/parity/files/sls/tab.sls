a:
	test.nop
