"""The options of iptables that its rules are built of and read by."""
from __future__ import absolute_import, division, print_function

# what follows the target of a rule, in the order in which it is written
AFTER_JUMP = '''
    j jump add-set and-mark and-tos checksum-fill clamp-mss-to-pmtu clustermac ctevents ctmask del-set ecn-tcp-remove
    exist expevents gateway hash-init hashmode helper label local-node log-ip-options log-level log-prefix log-tcp-options
    log-tcp-sequence log-uid map-set mask mss new nfmask nflog-group nflog-prefix nflog-range nflog-threshold nodst
    notrack on-ip on-port or-mark or-tos persistent queue-balance queue-bypass queue-num random random-fully rateest-
    ewmalog rateest-interval rateest-name reject-with restore restore-mark sack-perm save-mark selctx set-class set-dscp
    set-dscp-class set-mark set-mss set-tos set-xmark strip-options timeout timestamp to to-destination to-ports to-source
    total-nodes tproxy-mark ttl-dec ttl-inc ttl-set type ulog-cprange ulog-nlgroup ulog-prefix ulog-qthreshold wscale xor-
    mark xor-tos zone zone-orig zone-reply dst-pfx hl-dec hl-inc hl-set hmark-dport-mask hmark-dst-prefix hmark-mod hmark-
    offset hmark-proto-mask hmark-rnd hmark-spi-mask hmark-sport-mask hmark-src-prefix hmark-tuple led-always-blink led-
    delay led-trigger-id queue-cpu-fanout src-pfx to-port prefix shift
'''.split()

# the options that rules are read by; others are passed over
KNOWN = '''
    delete insert replace list flush zero new-chain delete-chain policy rename-chain set-counters protocol source
    destination match jump goto in-interface out-interface fragment proto source-ports destination-ports ports src-type
    dst-type limit-iface-in limit-iface-out ahspi ahlen ahres cluster-total-nodes cluster-local-node cluster-local-
    nodemask cluster-hash-seed comment connbytes connbytes-dir connbytes-mode connlimit-upto connlimit-above connlimit-
    mask connlimit-saddr connlimit-daddr label set mark ctstate ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst
    ctorigsrcport ctorigdstport ctreplsrcport ctrepldstport ctstatus ctexpire ctdir cpu dccp-types dccp-option src-group
    dst-group dscp dscp-class dst-len dst-opts ecn-tcp-cwr ecn-tcp-ece ecn-ip-ect espspi hashlimit-upto hashlimit-above
    hashlimit-burst hashlimit-mode hashlimit-srcmask hashlimit-dstmask hashlimit-name hashlimit-htable-size hashlimit-
    htable-max hashlimit-htable-expire hashlimit-htable-gcinterval hbh-len hbh-opts helper hl-eq hl-lt hl-gt icmp-type
    icmpv6-type src-range dst-range header soft ipvs vproto vaddr vport vdir vmethod vportctl length limit limit-burst
    mac-source rt-type rt-segsleft rt-len rt-0-res rt-0-addrs rt-0-not-strict nfacct-name genre ttl log uid-owner gid-
    owner socket-exists physdev-in physdev-out physdev-is-in physdev-is-out physdev-is-bridged pkt-type dir pol strict
    reqid spi mode tunnel-src tunnel-dst next quota rateest-delta rateest-lt rateest-gt rateest-eq rateest1 rateest2
    rateest-bps rateest-pps rateest-bps1 rateest-bps2 rateest-pps1 rateest-pps2 realm name rsource rdest mask rcheck
    update remove seconds reap hitcount rttl validmark invert chunk-types match-set return-nomatch update-counters update-
    subcounters packets-eq packets-lt packets-gt bytes-eq bytes-lt bytes-gt nowildcard transparent state probability every
    packet algo from to string hex-string tcp-flags syn tcp-option mss datestart datestop timestart timestop monthdays
    weekdays kerneltz utc localtz contiguous tos ttl-eq ttl-gt ttl-lt u32 type accept-local loose add-set del-set timeout
    exist set-class checksum-fill new hashmode clustermac total-nodes local-node hash-init restore-mark save-mark set-mark
    set-xmark and-mark or-mark xor-mark nfmask ctmask restore save notrack ctevents expevents zone to-destination random
    persistent set-dscp set-dscp-class ecn-tcp-remove hl-set hl-dec hl-inc hmark-tuple hmark-mod hmark-offset hmark-src-
    prefix hmark-dst-prefix hmark-sport-mask hmark-dport-mask hmark-spi-mask hmark-proto-mask hmark-rnd led-trigger-id
    led-delay led-always-blink log-level log-prefix log-tcp-sequence log-tcp-options log-ip-options log-uid to-ports nodst
    nflog-group nflog-prefix nflog-range nflog-threshold queue-num queue-balance queue-bypass queue-cpu-fanout rateest-
    name rateest-interval rateest-ewmalog reject-with selctx src-pfx dst-pfx to-source set-mss clamp-mss-to-pmtu strip-
    options gateway set-tos and-tos or-tos xor-tos on-port on-ip tproxy-mark ttl-set ttl-dec ttl-inc ulog-nlgroup ulog-
    prefix ulog-cprange ulog-qthreshold no-change fragid fragmore fragres fragfirst fraglast fraglen mh-type cgroup
'''.split()

SHORT = {'p': 'protocol', 's': 'source', 'd': 'destination', 'm': 'match', 'j': 'jump', 'g': 'goto', 'i': 'in-interface',
         'o': 'out-interface', 'f': 'fragment', 'c': 'set-counters'}
OTHER_NAMES = {'dport': 'destination_port', 'destination-port': 'destination_port', 'sport': 'source_port',
               'source-port': 'source_port', 'dports': 'destination-ports', 'sports': 'source-ports', 'port': 'ports',
               'to-port': 'to-ports'}
