#!py
def run():
    return {'a': {'test.nop': [{'name': sls + saltenv + __sls__ + __env__ + str(pillar.get('nosuch')) + grains['kernel'] + salt['test.echo']('x')}]}}
