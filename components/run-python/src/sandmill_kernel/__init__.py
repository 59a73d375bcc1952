"""A kernel in Python: sessions whose cells run one after the other, for every component that is one.

Never knows which interpreter it is in: what it asks of the host, it asks by the contract's names.
"""
