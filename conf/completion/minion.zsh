#compdef minion
# Completion of the command line of `minion`, a Salt minion, for zsh: a file _minion in a folder of $fpath
local levels='(all garbage trace debug profile info warning error critical quiet)'
local -a commands
commands=(
    'call:run one function of the execution modules on this host'
    'config:show the settings in force and where each comes from'
    'demo:show this minion with a small master of its own'
    'doctor:examine everything between this host and a job from its master'
    'key:show the fingerprint of the key of this minion, or make a key'
    'migrate:take this host over from salt-minion, or give it back'
    'service:make a service of the minion, or remove it'
    'status:tell whether the minion runs and whom it listens to'
)
_arguments -C \
    '(- *)--version[print the version]' \
    '(- *)'{-V,--versions-report}'[print the versions of all that is involved]' \
    '(- *)'{-h,--help}'[show help]' \
    '--saltfile[file with defaults for these options]:file:_files' \
    {-c,--config-dir}'[folder of the file minion]:folder:_files -/' \
    {-u,--user}'[account to run as]:account:_users' \
    {-d,--daemon}'[run in the background]' \
    '--pid-file[file for the process id]:file:_files' \
    '--disable-keepalive[no parent that starts a dead minion anew]' \
    {-l,--log-level}"[what the console shows]:level:$levels" \
    '--log-file[file or address for the log]:file:_files' \
    "--log-file-level[what goes there]:level:$levels" \
    '1:command:{_describe command commands}' \
    '*::argument:->words'
case $state in
    words)
        case $words[1] in
            config) _arguments {-c,--config-dir}':folder:_files -/' {-a,--all} --json {-h,--help} ;;
            doctor) _arguments {-c,--config-dir}':folder:_files -/' --json {-q,--quiet} {-h,--help} ;;
            status) _arguments {-c,--config-dir}':folder:_files -/' '--pid-file:file:_files' '--wait:seconds:' --json {-h,--help} ;;
            key) _arguments {-c,--config-dir}':folder:_files -/' '1:what:(show generate rotate)' {-y,--yes} {-h,--help} ;;
            migrate) _arguments {-c,--config-dir}':folder:_files -/' --run --back '--init:init:(sysv systemd upstart openrc)' \
                '--daemon:file:_files' '--wait:seconds:' {-h,--help} ;;
            service) _arguments '1:what:(install uninstall)' '--init:init:(sysv systemd upstart openrc)' \
                '--root:folder:_files -/' '--daemon:file:_files' {-c,--config-dir}':folder:_files -/' {-h,--help} ;;
            demo) _arguments --keep '--dir:folder:_files -/' '--port:port:' '--protocol:version:(0 2 3)' '--master:host:_hosts' ;;
        esac ;;
esac
