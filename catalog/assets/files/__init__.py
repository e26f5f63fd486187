"""What a file is, judged by its bytes alone; pictures of it; copies that carry a mark.

Runs in a process of its own (`hub.confined`) and stands on nothing of ours but that: `python -m catalog.assets.files`.
"""
