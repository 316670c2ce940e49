"""The embedded master: the real protocol on the loopback interface, for showing and for testing.

It accepts keys, publishes jobs, takes returns, serves files and pillar, in each generation of the protocol. It is not
a master for production: it listens on 127.0.0.1 only, keeps everything in memory and has one thread.
"""
