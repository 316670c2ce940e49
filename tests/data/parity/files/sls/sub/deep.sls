{{ [sls, slspath, slsdotpath, slscolonpath, sls_path, tplfile, tpldir, tpldot, saltenv]|join('|') }}:
  test.nop
