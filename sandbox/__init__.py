"""A make-believe overseas streaming partner that is strict: SFTP and S3 inboxes, DDEX ERN in, answers and sales reports out.

It imports nothing of the hub. ``docs/reference/sandbox.md`` is its technical guide.
"""
