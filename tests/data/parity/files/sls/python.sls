#!py
def run():
    return {"p": {"test.nop": [{"name": __salt__["test.echo"](__sls__)}]}}
