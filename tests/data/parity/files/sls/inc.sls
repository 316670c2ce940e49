include:
  - sls.good
  - .sub
  - sls.sub.deep
extend:
  second:
    test:
      - name: extended
third:
  test.nop
