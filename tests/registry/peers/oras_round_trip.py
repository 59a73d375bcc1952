"""Pushes files with oras for Python to a registry and pulls them again, as the test beside it asks.

Never decides what is right: it prints what came back, as one JSON object.
"""

import hashlib
import json
import os
import sys

import oras.client

registry, user, password, work, backend = sys.argv[1:6]
target = f"{registry}/team/data-set:v1"
client = oras.client.OrasClient(insecure=True, auth_backend=backend)
client.login(
    username=user,
    password=password,
    hostname=registry,
    tls_verify=False,
    config_path=os.path.join(work, "config.json"),
)
os.chdir(work)
files = [name for name in sorted(os.listdir(".")) if name.endswith(".bin")]
pushed = client.push(target=target, files=[f"{name}:application/octet-stream" for name in files])
pulled = client.pull(target=target, outdir=os.path.join(work, "pulled"))
digests = {os.path.basename(path): hashlib.sha256(open(path, "rb").read()).hexdigest() for path in pulled}
print(json.dumps({"status": pushed.status_code, "digests": digests, "tags": client.get_tags(target)}))
