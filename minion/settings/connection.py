"""Settings: where the master is, how to sign in, how to keep the connection."""
from __future__ import absolute_import, division, print_function

from minion.settings.checks import (any_port, at_least, boolean, choice, count, either, listing, loose_text,
                                    mapping, number, nonempty_text, port, positive_seconds, seconds, text, texts, whole)

ABSENT = True
TYPES = ('str', 'failover', 'func', 'disable', 'distributed')
HASHES = ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')

ROWS = (
    ('master', either(loose_text, texts), 'salt',
     'Address of the master: host, host:port, [IPv6]:port, or a list of them.'),
    ('master_port', port, 4506, 'Port of the master for requests.'),
    ('publish_port', port, 4505, 'Port of the master for publications until it names its own at sign-in.', ABSENT),
    ('master_uri_format', choice('default', 'ip_only'), 'default',
     'ip_only: a colon in `master` belongs to the address and never starts a port.'),
    ('master_type', choice(*TYPES), 'str',
     'str: one or all of the list; failover; distributed; func: `master` names a function; disable: no master.'),
    ('random_master', boolean, False, 'Try the masters of a list in random order.'),
    ('master_shuffle', boolean, False, 'Older name of random_master.'),
    ('master_failback', boolean, False, 'With failover: go back to the first master when it answers again.'),
    ('master_failback_interval', seconds, 0, 'Seconds between looks at the first master; 0: master_alive_interval.'),
    ('master_alive_interval', seconds, 0,
     'Seconds without a word after which a master has to prove that it is there; 0: see liveness_interval.'),
    ('master_tries', whole(-1), -1,
     'Rounds through the masters, before the first sign-in, after which to end with exit code 69; -1: never.'),
    ('retry_dns', seconds, 30, 'Seconds between tries to resolve the name of the master; 0: use 127.0.0.1 instead.'),
    ('retry_dns_count', count, None,
     'How often to try that again before the first sign-in, with one master; empty: for ever.'),
    ('ipv6', boolean, None, 'True: prefer IPv6 addresses of names; False: IPv4; empty: what the system prefers.'),
    ('transport', choice('zeromq', 'detect'), 'zeromq', 'Only zeromq is spoken.'),
    ('ssl', either(boolean, mapping), None, 'For transports that are not spoken here; ignored.'),
    ('discovery', either(boolean, mapping), False, 'Finding a master by broadcast is not offered; ignored.'),
    ('source_interface_name', text, '', 'Network interface whose address outgoing connections come from.'),
    ('source_address', text, '', 'Address that outgoing connections come from.'),
    ('source_ret_port', any_port, 0, 'Port that the request connection comes from; 0: any.'),
    ('source_publish_port', any_port, 0, 'Port that the subscription comes from; 0: any.'),

    # ---- signing in
    ('acceptance_wait_time', seconds, 10,
     'Seconds between sign-ins while the key waits to be accepted, or no master answers.'),
    ('acceptance_wait_time_max', seconds, 0, 'Let that wait double each time up to so many seconds; 0: do not.'),
    ('rejected_retry', boolean, False, 'Keep signing in after the master has rejected the key.'),
    ('auth_timeout', positive_seconds, 5, 'Seconds to wait for the answer to one sign-in.'),
    ('auth_tries', count, 7, 'Sign-ins in a row without an answer before a pause; with failover one for each master.'),
    ('auth_retries', count, 0, 'As master_tries, for each master; 0: no limit.'),
    ('auth_safemode', boolean, False, 'Never give a master up.'),
    ('random_reauth_delay', seconds, 10, 'Spread signing in again over so many seconds when all minions have to.'),
    ('random_startup_delay', seconds, 0, 'Wait up to so many seconds before the first sign-in.'),
    ('autosign_grains', texts, None, 'Names of grains sent along, by which a master may accept the key.', ABSENT),
    ('keysize', at_least(2048, 16384), 2048, 'Bits of the key pair made at the first start, 2048 at least.'),
    ('encryption_algorithm', choice('OAEP-SHA1', 'OAEP-SHA224'), 'OAEP-SHA1', 'How secrets are encrypted at sign-in.'),
    ('signing_algorithm', choice('PKCS1v15-SHA1', 'PKCS1v15-SHA224'), 'PKCS1v15-SHA1', 'How the master is to sign.'),
    ('hash_type', choice(*HASHES), 'sha256', 'Digest of fingerprints and of files from the master.'),
    ('minimum_auth_version', whole(0, 3), 2,
     'Oldest sign-in protocol to accept; 2: the master signs its answers; 0 for masters older than 3004.1.'),  # OWN

    # ---- trusting the master
    ('master_finger', text, '', 'Fingerprint that the key of the master must have at first contact.'),
    ('open_mode', boolean, False, 'Take any key for the key of the master. Only for tests.'),
    ('verify_master_pubkey_sign', boolean, False, 'Demand that the key of the master is signed by master_sign.pub.'),
    ('always_verify_signature', boolean, False, 'Demand that signature at every sign-in, not only with a new key.'),
    ('master_sign_key_name', nonempty_text, 'master_sign', 'Name of that file in pki_dir, without .pub.'),
    ('sign_pub_messages', boolean, False, 'Drop publications that the master did not sign.'),
    ('minion_sign_messages', boolean, False, 'Sign what is sent to the master.'),

    # ---- the two connections
    ('liveness_interval', seconds, 45,
     'Seconds without a word after which the master has to prove that it is there; 0: never.'),               # OWN
    ('ping_interval', number(0), 0, 'Minutes between `minion_ping` events to the master; 0: none.'),
    ('request_channel_timeout', positive_seconds, 60, 'Seconds to wait for the answer to one request.'),
    ('request_channel_tries', whole(1), 3, 'How often one request is sent.'),
    ('recon_default', count, 1000, 'Milliseconds before a lost subscription is opened again.'),
    ('recon_max', count, 10000, 'Milliseconds that this wait may grow by.'),
    ('recon_randomize', boolean, True, 'Draw that wait at random between recon_default and recon_default + recon_max.'),
    ('tcp_keepalive', boolean, True, 'Let the system watch idle connections.'),
    ('tcp_keepalive_idle', whole(-1), 300, 'Seconds of silence before the first probe; -1: what the system has.'),
    ('tcp_keepalive_cnt', whole(-1), -1, 'Probes without an answer that end a connection; -1: what the system has.'),
    ('tcp_keepalive_intvl', whole(-1), -1, 'Seconds between probes; -1: what the system has.'),
    ('zmq_filtering', boolean, False, 'Receive only publications for this minion; the master must have it set, too.'),
    ('sock_pool_size', whole(1), 1, 'Request connections of the reference; here each thread has its own.'),
    ('tcp_authentication_retries', whole(-1), 5, 'For a transport that is not spoken here; ignored.'),
    ('tcp_reconnect_backoff', seconds, 1, 'For a transport that is not spoken here; ignored.'),
    ('ipc_mode', choice('ipc', 'tcp'), 'ipc', 'For the local event bus of the reference; ignored.'),
    ('tcp_pub_port', port, 4510, 'For the local event bus of the reference; ignored.'),
    ('tcp_pull_port', port, 4511, 'For the local event bus of the reference; ignored.'),

    # ---- through a proxy, for http and https addresses
    ('proxy_host', text, '', 'HTTP proxy for cp.get_url and its like.'),
    ('proxy_port', any_port, 0, 'Port of that proxy.'),
    ('proxy_username', loose_text, '', 'Name to give to that proxy.'),
    ('proxy_password', loose_text, '', 'Password to give to that proxy.'),
    ('no_proxy', texts, [], 'Hosts to reach without the proxy.', ABSENT),
    ('http_connect_timeout', positive_seconds, 20.0, 'Seconds to wait for an HTTP connection.'),
    ('http_request_timeout', positive_seconds, 3600.0, 'Seconds that one HTTP request may take.'),
    ('beacons', either(mapping, listing), {}, 'Beacons, as the reference takes them.'),
    ('engines', listing, [], 'Engines are not offered; a configured one is named in the log and ignored.'),
)
