"""DDEX ERN 4.3, 4.3.1 and 4.3.2 in: a label's own feed, one message or an archive of deliveries (message beside its resources).

A message is the whole truth about one release: it is read into `model.Message`, which `mapping` makes a `Record` of. What the
catalogue has no place for (recordings, tracks, files) goes along as `Record.carried` for distribution.
"""
