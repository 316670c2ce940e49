base:
  '*': sls.good
