"""From SLS files to the results of states: rendering, compiling, requisites, running.

The way of a run: high data (a mapping of ids, with `__sls__`, `__env__`, `__extend__`, `__exclude__`) -> `compiler` ->
chunks (low data: one mapping for each state to be called) -> `runner` -> running (a mapping of results by tag).

    words         tags, names of requisites, keywords that no state function gets
    world         the loaders of a run, its `test` flag, the pillar of a call, results to retcodes
    compiler      low_of(high, ...) -> (chunks, errors): calls the rooms `verify` to `ordering` one after the other
    verify        the form of high data
    extend        `__extend__`, `__exclude__`
    injecting     requisites declared from the other end: `require_in` and its like, `use`
    chunks        high data to chunks: `names`, `order`
    targets       what a requisite names -> chunks
    ordering      who comes before whom, circles, requisites that name nothing
    runner        Run(world).chunks(list) -> running: one chunk after the other; high() and low_of() for a World
    requisites    what the results of its requisites mean for a chunk
    calling       one chunk -> its result: arguments, the call, the form of the return
    conditions    onlyif, unless, creates, check_cmd
    slots         arguments that an execution function is to give
    retrying      retry
    listening     what `listen` calls at the end
    aggregating   mod_aggregate
    telling       events about results
    pillars       the pillar of a minion without a master, of SLS files, too; pillartops, extpillars: the other pieces of it

Pure: words, compiler, verify, extend, injecting, chunks, targets, ordering, requisites, listening.
"""
