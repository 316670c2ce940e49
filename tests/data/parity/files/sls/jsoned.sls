#!json
{"j": {"test": ["nop"]}}
