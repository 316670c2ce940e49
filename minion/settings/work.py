"""Settings: jobs and their returns, modules, grains, pillar, mine, schedule, events."""
from __future__ import absolute_import, division, print_function

from minion.settings.checks import (anything, boolean, choice, count, either, listing, loose_text, mapping, number,
                                    seconds, text, text_or_texts, texts, whole)
from minion.settings.marks import ABSENT, NoEffect, OWN


ROWS = (
    # ---- jobs
    ('multiprocessing', boolean, True, 'Run each job in a process of its own.',
     NoEffect('a job is a thread')),
    ('process_count_max', whole(-1), -1, 'Jobs that may run at once; the others wait; -1: executor_max.'),
    ('minion_jid_queue_hwm', whole(1, 1000000), 100, 'How many job ids are remembered, so that none runs twice.'),
    ('multifunc_ordered', boolean, False, 'Return the values of a job with several functions as a list.'),
    ('module_executors', listing, None, 'Executors that a function runs through.', ABSENT),
    ('cmd_safe', boolean, True, 'cmd.run called by a module uses the shell only where asked to.'),
    ('cmd_whitelist_glob', texts, [], 'Patterns of the only commands that cmd.run may run.', ABSENT),
    ('cmd_blacklist_glob', texts, [], 'Patterns of commands that cmd.run refuses.', ABSENT),
    ('cmd_output_limit', whole(1), None, 'Bytes that a command may print; one that prints more is ended.', ABSENT, OWN),

    # ---- returns
    ('pub_ret', boolean, True, 'Send returns to the master; events and progress go there in any case.'),
    ('return', text_or_texts, None, 'Returners that get every return as well.', ABSENT),
    ('ext_job_cache', text, '', 'Returner that gets the returns of startup states.'),
    ('cache_jobs', boolean, False, 'Keep every return below cachedir/minion_jobs, for a day (keep_jobs_seconds).'),
    ('return_retry_timer', seconds, 5, 'Seconds before a return without an answer is sent again, at least.'),
    ('return_retry_timer_max', seconds, 10, 'Seconds before a return without an answer is sent again, at most.'),
    ('return_retry_tries', count, 3, 'How often a return is sent before it is given up.',
     NoEffect('a return is sent until the master has it')),
    ('max_event_size', whole(1024), 1048576,
     'Bytes of one event; the largest values of a larger one are replaced by VALUE_TRIMMED. Returns are not events.'),

    # ---- modules
    ('module_dirs', texts, [], 'Folders with more execution modules.'),
    ('grains_dirs', texts, [], 'Folders with more grains.'),
    ('returner_dirs', texts, [], 'Folders with more returners.'),
    ('states_dirs', texts, [], 'Folders with more states.'),
    ('render_dirs', texts, [], 'Folders with more renderers.'),
    ('utils_dirs', texts, [], 'Folders with more utility modules; empty: extension_modules/utils.'),
    ('disable_modules', texts, [], 'File names of execution modules that are not loaded.'),
    ('disable_returners', texts, [], 'File names of returners that are not loaded.'),
    ('whitelist_modules', texts, [], 'File names of the only execution modules that answer jobs.'),
    ('providers', mapping, {}, 'Which module stands behind a name, such as {pkg: yumpkg}.'),
    ('extmod_whitelist', mapping, {}, 'Kinds and names of the only modules that are synced.'),
    ('extmod_blacklist', mapping, {}, 'Kinds and names of modules that are not synced.'),
    ('enable_zip_modules', boolean, False, 'Load modules from zip files.',
     NoEffect('modules in zip files are not loaded')),
    ('autoload_dynamic_modules', boolean, True, 'Sync modules before a state run.'),
    ('clean_dynamic_modules', boolean, True, 'Remove synced modules that the master no longer has.'),

    # ---- grains
    ('grains', mapping, {}, 'Grains of this host.'),
    ('grains_cache', boolean, False, 'Keep computed grains in cachedir.'),
    ('grains_cache_expiration', seconds, 300, 'Seconds for which they are used.'),
    ('grains_deep_merge', boolean, False, 'Merge mappings of several sources instead of replacing them.'),
    ('grains_refresh_every', number(0), 0, 'Minutes between computing the grains anew; 0: never.'),
    ('grains_refresh_pre_exec', boolean, False, 'Compute the grains anew before each job.', ABSENT),
    ('grains_blacklist', texts, [], 'Patterns of grains to leave out.'),
    ('enable_fqdns_grains', boolean, False, 'Look up the names of all addresses (slow without a name server).'),
    ('enable_gpu_grains', boolean, True, 'Look for graphics cards.'),
    ('fibre_channel_grains', boolean, False, 'Look for fibre channel addresses.', ABSENT),
    ('iscsi_grains', boolean, False, 'Look for the iSCSI name.', ABSENT),
    ('nvme_grains', boolean, False, 'Look for the NVMe name.', ABSENT),
    ('metadata_server_grains', boolean, False, 'Ask the metadata address of a cloud.', ABSENT,
     NoEffect('no address is asked; a module of grains can do it')),

    # ---- pillar
    ('pillarenv', loose_text, None, 'Environment of pillar; empty: that of the top file.'),
    ('pillarenv_from_saltenv', boolean, False, 'Take the environment of states for pillar, too.'),
    ('pillar_opts', boolean, False, 'Without a master: have the settings in pillar, below the key `master`.'),
    ('pillar_source_merging_strategy', choice('smart', 'recurse', 'aggregate', 'list', 'overwrite', 'none'), 'smart',
     'Without a master: how what several SLS files of pillar say goes together.'),
    ('pillar_merge_lists', boolean, False, 'Without a master: join lists of pillar instead of replacing them.'),
    ('pillar_includes_override_sls', boolean, False,
     'Without a master: what an SLS file of pillar includes wins over what it says.'),
    ('pillar_safe_render_error', boolean, True,
     'Without a master: keep the reason why an SLS file of pillar cannot be rendered to the log.', ABSENT),
    ('ext_pillar', listing, [], 'Without a master: external pillars; cmd_yaml and cmd_json are there.', ABSENT),
    ('ext_pillar_first', boolean, False, 'Without a master: have external pillars first, so that SLS files see them.', ABSENT),
    ('pillar_raise_on_missing', boolean, False, 'pillar.get fails for a key that is not there.', ABSENT),
    ('pillar_mask_output', boolean, True, 'Hide pillar values in what functions return.'),
    ('minion_pillar_cache', boolean, False, 'Keep pillar in cachedir, for use while no master answers.', ABSENT),
    ('decrypt_pillar', listing, [], 'Pillar keys that are encrypted.',
     NoEffect('the setting of this name on the master counts, which decrypts them')),

    # ---- mine, schedule, events
    ('mine_enabled', boolean, True, 'Send mine data to the master.'),
    ('mine_functions', either(mapping, listing), None, 'Functions whose values go into the mine.', ABSENT),
    ('mine_interval', number(0), 60, 'Minutes between mine updates.'),
    ('mine_return_job', boolean, False, 'Return each mine update as a job.'),
    ('schedule', mapping, {}, 'Jobs that the minion starts by itself.'),
    ('loop_interval', number(0.05, 3600), 1, 'Seconds between looks at the schedule.'),
    ('scheduler_before_connect', boolean, False, 'Run the schedule of the settings before the first sign-in.'),
    ('beacons_before_connect', boolean, False, 'Run the beacons of the settings before the first sign-in.'),
    ('enable_legacy_startup_events', boolean, True, 'Send the event `minion_start` besides salt/minion/ID/start.'),
    ('start_event_grains', texts, [], 'Grains to send with the start event.'),
    ('startup_states', choice('', 'highstate', 'sls', 'top'), '', 'States to run at start: highstate, sls or top.'),
    ('sls_list', texts, [], 'SLS files for `startup_states: sls`.'),
    ('top_file', text, '', 'Top file for `startup_states: top`.'),
    ('saltenv', loose_text, None, 'Environment of states and files; empty: what the job says, or base.'),
    ('lock_saltenv', boolean, False, 'Refuse any other environment for states.'),
    ('test', anything, False, 'States only tell what they would do.'),
)
