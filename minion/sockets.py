"""The options that every zmq socket of ours carries, set where the installed libzmq knows them."""
from __future__ import absolute_import, division, print_function


import zmq

from minion import chance
from minion.record import record

MAX_MESSAGE = 512 << 20          # bytes of one frame; libzmq drops the connection above it

SocketOptions = record('SocketOptions', 'keepalive idle count interval ipv6 source_ip source_ret_port '
                                        'source_publish_port recon_default recon_max recon_randomize ping pong')


def options(config, ping, pong):
    """SocketOptions of a configuration (docs/protocol.md section 1.2).

    :param float ping, pong: see minion.liveness.
    """
    return SocketOptions(
        bool(config['tcp_keepalive']), config['tcp_keepalive_idle'], config['tcp_keepalive_cnt'],
        config['tcp_keepalive_intvl'], bool(config['ipv6']), config.get('source_address') or '',
        config.get('source_ret_port') or 0, config.get('source_publish_port') or 0,
        config['recon_default'], config['recon_max'], bool(config['recon_randomize']), ping, pong)


def uri(address, port, source_ip='', source_port=0):
    """The zmq address of one numeric address (IPv6 in brackets), with the local end where one is set.

    The form `tcp://SOURCE:PORT;TARGET:PORT` needs libzmq 4.1.6; port 0 is any.
    """
    target = '%s:%d' % (_bracketed(address), port)
    if not source_ip and not source_port:
        return 'tcp://' + target
    return 'tcp://%s:%d;%s' % (_bracketed(source_ip or '0.0.0.0'), source_port, target)


def _bracketed(address):
    return '[%s]' % address if ':' in address else address


def _try(socket, name, value):
    """Set an option that old libraries lack; what they lack is an extra, never a need."""
    option = getattr(zmq, name, None)
    if option is None:
        return
    try:
        socket.setsockopt(option, value)
    except (zmq.ZMQError, ValueError, TypeError):
        return


def open_socket(context, kind, tuning, ipv6=False, heartbeat=False):
    """A REQ or SUB socket of this thread, tuned and not yet connected.

    :param int kind: zmq.REQ or zmq.SUB.  :param SocketOptions tuning:  :param bool ipv6: the target has a colon.
    :param bool heartbeat: the peer is known to have libzmq 4.2 or later. An older one answers no ping: seen with 4.1.4,
        whose idle connections are cut and made anew all the time.
    """
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    _try(socket, 'MAXMSGSIZE', MAX_MESSAGE)
    if tuning.keepalive:
        for name, value in (('TCP_KEEPALIVE', 1), ('TCP_KEEPALIVE_IDLE', tuning.idle),
                            ('TCP_KEEPALIVE_CNT', tuning.count), ('TCP_KEEPALIVE_INTVL', tuning.interval)):
            _try(socket, name, int(value))
    if tuning.ipv6 or ipv6:
        _try(socket, 'IPV6', 1)
    if kind == zmq.SUB:
        first = tuning.recon_default
        if tuning.recon_randomize:
            first = chance.whole(first, first + tuning.recon_max)
        _try(socket, 'RECONNECT_IVL', first)
        _try(socket, 'RECONNECT_IVL_MAX', tuning.recon_max)
    else:
        _try(socket, 'RECONNECT_IVL_MAX', 5000)
    if tuning.pong:
        patience = int(tuning.pong * 1000)       # by itself the kernel tries for two minutes, in ever longer steps
        _try(socket, 'CONNECT_TIMEOUT', patience)
        _try(socket, 'HANDSHAKE_IVL', patience)
        if heartbeat:
            _try(socket, 'HEARTBEAT_IVL', int(tuning.ping * 1000))
            _try(socket, 'HEARTBEAT_TIMEOUT', patience)
    return socket
