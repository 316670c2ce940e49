# Completion of the command line of `minion`, a Salt minion, for bash: /etc/bash_completion.d/minion
_minion() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= index
    for ((index = 1; index < COMP_CWORD; index++)); do
        case ${COMP_WORDS[index]} in
            call | config | demo | doctor | key | migrate | service | status) command=${COMP_WORDS[index]}; break ;;
        esac
    done
    case $before in
        -c | --config-dir | --root | --dir) COMPREPLY=($(compgen -d -- "$word")); return ;;
        --pid-file | --log-file | --saltfile | --daemon) COMPREPLY=($(compgen -f -- "$word")); return ;;
        -l | --log-level | --log-file-level)
            COMPREPLY=($(compgen -W 'all garbage trace debug profile info warning error critical quiet' -- "$word"))
            return ;;
        -u | --user) COMPREPLY=($(compgen -u -- "$word")); return ;;
        --init) COMPREPLY=($(compgen -W 'sysv systemd upstart openrc' -- "$word")); return ;;
    esac
    local words
    case $command in
        config) words='-c --config-dir -a --all --json -h --help' ;;
        demo) words='--keep --dir --port --protocol --master --id call -h --help' ;;
        doctor) words='-c --config-dir --json -q --quiet -h --help' ;;
        key) words='-c --config-dir show generate rotate -y --yes -h --help' ;;
        migrate) words='-c --config-dir --run --back --init --daemon --wait -h --help' ;;
        service) words='install uninstall --init --root --daemon -c --config-dir -h --help' ;;
        status) words='-c --config-dir --pid-file --wait --json -h --help' ;;
        call) words='-c --config-dir -l --log-level --local -h --help' ;;
        *) words='call config demo doctor key migrate service status --version -V --versions-report --saltfile -c --config-dir
            -u --user -d --daemon --pid-file --disable-keepalive -l --log-level --log-file --log-file-level -h --help' ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _minion minion
