"""What a release is made with: locked dependencies, their licences, the supply-chain list.

Read by nobody who runs kilnpath, and not in its wheel. ``docs/releasing.md`` says when each is run.
"""
