"""The batch profile's ``BatchComplete_{BatchId}.xml``: a ManifestMessage, or an empty file that says the same in fewer words."""

from pathlib import Path

from lxml import etree

from sandbox import media
from sandbox.reading import Unreadable, read_xml
from sandbox.refusals import Refusal


def file_name(batch_id: str) -> str:
    return f"BatchComplete_{batch_id}.xml"


def judge(batch: Path, batch_id: str, limit: int) -> list[Refusal]:
    """Compare a batch folder with its manifest: as many messages as it says, each where it says, with the hash sum it says."""
    name = file_name(batch_id)
    path = batch / name
    if path.is_file() and path.stat().st_size == 0:
        return []
    try:
        tree = read_xml(path, name, limit)
    except Unreadable as unreadable:
        return [Refusal("MANIFEST", name, unreadable.refusal.sentence)]
    root = tree.getroot()
    if etree.QName(root).localname != "ManifestMessage":
        return [Refusal("MANIFEST", name, f"{name} holds a {etree.QName(root).localname}, not a ManifestMessage.")]
    refusals = []
    releases = {part.name for part in batch.iterdir() if part.is_dir()}
    declared = (root.findtext("NumberOfMessages") or "").strip()
    if declared != str(len(releases)):
        sentence = f'NumberOfMessages says "{declared}"; the batch has {len(releases)} releases.'
        refusals.append(Refusal("MANIFEST", f"{name}/NumberOfMessages", sentence))
    for node in root.iterfind("MessageInBatch"):
        refusals += _judge_message(batch, name, tree.getpath(node), node)
    return refusals


def _judge_message(batch: Path, name: str, path: str, node: etree._Element) -> list[Refusal]:
    parts = (node.findtext("URL") or "").strip().removeprefix("./").split("/")
    target = batch.joinpath(*parts)
    if len(parts) != 2 or ".." in parts or not target.is_file():
        return [Refusal("MANIFEST", f"{name}{path}/URL", f'"{"/".join(parts)}" is not a message of this batch.')]
    algorithm = (node.findtext("HashSum/Algorithm") or node.findtext("HashSum/HashSumAlgorithmType") or "").strip()
    declared = (node.findtext("HashSum/HashSumValue") or node.findtext("HashSum/HashSum") or "").strip()
    found = media.digest(target, algorithm)
    if declared and found is not None and found != declared.lower():
        sentence = f"{target.name} has {algorithm} {found}; the manifest says {declared}."
        return [Refusal("MANIFEST", f"{name}{path}/HashSum", sentence)]
    return []
