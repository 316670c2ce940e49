exclude:
  - sls: sls.sub.deep
  - id: second
include:
  - sls.good
  - sls.sub
