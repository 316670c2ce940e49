first:
  test.succeed_without_changes:
    - name: hello
second:
  test:
    - succeed_with_changes
    - require:
      - test: first
