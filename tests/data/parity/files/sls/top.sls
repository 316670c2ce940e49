base:
  '*':
    - sls.good
  'kernel:Nosuch':
    - match: grain
    - sls.fails
  'kernel:Linux':
    - match: grain
    - sls.names
