"""Everything that changes a run or a service's lifecycle.

Each action checks who asks and whether it can be done now, changes rows in one transaction, writes
an event and puts its notices into the outbox. Pages, interfaces, jobs and commands all call these.
"""
