"""Programs that measure; `python -m tests.bench` lists them. They are not part of the tests."""
