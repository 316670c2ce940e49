"""From SLS files to the results of states: rendering, compiling, requisites, running.

The way of a run: high data (a mapping of ids, with `__sls__`, `__env__`, `__extend__`, `__exclude__`) -> `compiler` ->
chunks (low data: one mapping for each state to be called) -> `runner` -> running (a mapping of results by tag).

    words         tags, names of requisites, keywords that no state function gets
    world         the loader of a run of its own, its `test` flag, the pillar of a call, results to retcodes
    compiler      low_of(high, ...) -> (chunks, errors): calls the rooms `verify` to `ordering` one after the other
    verify        the form of high data
    extend        `__extend__`, `__exclude__`
    injecting     requisites declared from the other end: `require_in` and its like, `use`
    chunks        high data to chunks: `names`, `order`
    targets       what a requisite names -> chunks
    ordering      who comes before whom, circles, requisites that are not found
    runner        Run(world).chunks(list) -> running: requisites, failhard, listen, events
    requisites    what the results of its requisites mean for a chunk
    calling       one chunk -> its result: arguments, slots, checks before and after, retries, the return's form
    conditions    onlyif, unless, creates, check_cmd
    aggregating   `mod_aggregate`

All of them but `world`, `runner`, `calling`, `conditions` and `aggregating` are pure.
"""
