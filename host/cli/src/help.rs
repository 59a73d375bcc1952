//! What stands below each command's help: examples, and the exit codes.
//! Never a promise that `tests/cli` does not hold.

mod train;

pub use train::*;

pub const EXIT_CODES: &str = "\
Exit codes:
  0    done; for a run that was watched, it succeeded
  1    the request, or a run that was watched, failed or was cancelled
  2    the command line, a file or a parameter is wrong
  3    the server (or the registry) cannot be reached
  4    what was named does not exist
  130  interrupted

Data goes to stdout, everything else to stderr. Each error has a code; `sandmill explain CODE` tells more.";

pub const UP: &str = "\
Examples:
  sandmill up
  sandmill up --data ./data --listen 127.0.0.1:0 --registry-listen 127.0.0.1:0 --json
  sandmill up --allow-http archive.ics.uci.edu --allow-files /srv/data-sets
  sandmill up --policy policy.yaml

Ctrl-C or SIGTERM stops the node; what was under way goes on at the next start.
Without --tokens FILE there is no authentication: whoever can reach the server's address may run steps.
A line of the file is a user's name, a token and a role: admin, member or viewer.
Clients send the token as Jupyter's do, or as a bearer token; the console asks for it.

Other registries, in every command that reaches one (or the variable, with commas between values):
  --plain-http-registry HOST         without TLS        SANDMILL_PLAIN_HTTP_REGISTRIES
  --tls-registry HOST                local, with TLS    SANDMILL_TLS_REGISTRIES
  --registry-mirror REGISTRY=MIRROR  ask MIRROR first   SANDMILL_REGISTRY_MIRRORS
  --trust-ca FILE                    authorities, PEM   SANDMILL_TRUST_CA

--trust-ca holds for the https requests of steps too.";

pub const WIT_FETCH: &str = "\
Examples:
  sandmill wit fetch
  sandmill wit fetch count-words/wit --config wkg.toml

Packages are found as wkg finds them: by the namespaces in its configuration and by what registries say of themselves;
any other package is looked for in the node's own registry. wkg.lock beside the folder pins what was fetched: content
that has changed since is refused. `sandmill component build` fetches what is missing by itself.";

pub const WIT_PUBLISH: &str = "\
Examples:
  sandmill wit publish
  sandmill wit publish shapes/wit --json

The package must have a version, and uses packages that are in its `deps`.";

pub const REGISTRY_SERVE: &str = "\
Examples:
  sandmill registry serve
  sandmill registry serve --listen 0.0.0.0:5000 --users ./users --tls-certificate tls.crt --tls-key tls.key
  sandmill registry serve --data ./data --listen 127.0.0.1:0 --settings registry.toml --json

Where others than this machine can reach it, everybody may pull and only users may push, unless the settings say
otherwise. Users are lines of `htpasswd -B`; registry/README.md shows a whole settings document.";

pub const REGISTRY_GC: &str = "\
Examples:
  sandmill registry gc --data ./data
  sandmill registry gc --settings registry.toml --json

A registry that serves collects by itself, once an hour unless its settings say otherwise. What is younger than the
grace period stays. In a node's folder the bytes stay too, since its runs use them.";

pub const EXPLAIN: &str = "\
Examples:
  sandmill explain SM0106
  sandmill explain";

pub const SCHEMA: &str = "\
Example, for editors with a YAML language server:
  sandmill schema pipeline > pipeline.schema.json";

pub const COMPLETIONS: &str = "\
Examples:
  sandmill completions bash > ~/.local/share/bash-completion/completions/sandmill
  sandmill completions zsh > ~/.zfunc/_sandmill
  sandmill completions fish > ~/.config/fish/completions/sandmill.fish";

pub const VERSION: &str = "\
Example:
  sandmill version --json";

pub const COMPONENT_NEW: &str = "\
Examples:
  sandmill component new count-words
  cd count-words && cargo test && sandmill component build";

pub const COMPONENT_BUILD: &str = "\
Examples:
  sandmill component build
  sandmill component build ./count-words --json";

pub const COMPONENT_INSPECT: &str = "\
Examples:
  sandmill component inspect target/wasm32-wasip2/release/count_words.wasm
  sandmill component inspect sandmill/split-rows:0.1.0
  sandmill component inspect --wit ghcr.io/team/count-words:1.0.0";

pub const COMPONENT_PUSH: &str = "\
Examples:
  sandmill component push count_words.wasm examples/count-words:0.1.0
  sandmill component push count_words.wasm ghcr.io/team/count-words:1.0.0
  sandmill component push count_words.wasm team/count-words:1.0.0 --key cosign.key --provenance \\
      --source https://example.org/count-words --revision 8f1c… --licenses Apache-2.0 --sbom sbom.json

Pushing the same bytes again gives the same digest and sends nothing. Credentials are those that
other OCI tools keep in ~/.docker/config.json.

Other registries, in every command that reaches one (or the variable, with commas between values):
  --plain-http-registry HOST         without TLS        SANDMILL_PLAIN_HTTP_REGISTRIES
  --tls-registry HOST                local, with TLS    SANDMILL_TLS_REGISTRIES
  --registry-mirror REGISTRY=MIRROR  ask MIRROR first   SANDMILL_REGISTRY_MIRRORS
  --trust-ca FILE                    authorities, PEM   SANDMILL_TRUST_CA";

pub const COMPONENT_PULL: &str = "\
Examples:
  sandmill component pull sandmill/split-rows:0.1.0
  sandmill component pull ghcr.io/team/count-words@sha256:… -o count_words.wasm";

pub const COMPONENT_SIGN: &str = "\
Examples:
  sandmill component sign --key cosign.key sandmill/split-rows:0.1.0
  sandmill component sign --key cosign.key --remark commit=8f1c ghcr.io/team/count-words@sha256:…

What is signed is the digest, not the tag. The password of the key is read from SANDMILL_KEY_PASSWORD or
COSIGN_PASSWORD. `cosign verify --key cosign.pub --insecure-ignore-tlog REFERENCE` reads the signature.";

pub const COMPONENT_VERIFY: &str = "\
Examples:
  sandmill component verify --key cosign.pub sandmill/split-rows:0.1.0
  sandmill component verify --key old.pub --key new.pub ghcr.io/team/count-words:1.0.0";

pub const KEY_GENERATE: &str = "\
Examples:
  SANDMILL_KEY_PASSWORD=… sandmill key generate
  sandmill key generate --name ci --into ./keys --plain

Both files are what `cosign generate-key-pair` would write, and cosign reads them.";

pub const SECRET_SET: &str = "\
Examples:
  sandmill secret set database user=me password=@-
  sandmill secret set database tls.crt=@server.crt

A step takes them with `use_secret_as_env` or `use_secret_as_volume` of kfp-kubernetes. What is set counts from the next attempt on.
A training job fetches data and models with the keys of the secret that its document names:
  sandmill secret set bucket AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=@- AWS_REGION=eu-west-1";

pub const SECRET_LIST: &str = "\
Example:
  sandmill secret list";

pub const SECRET_DELETE: &str = "\
Example:
  sandmill secret delete database";

pub const CONFIG_MAP_SET: &str = "\
Examples:
  sandmill config-map set training epochs=3
  sandmill config-map set training tls.crt=@server.crt

A step takes them with `use_config_map_as_env` or `use_config_map_as_volume` of kfp-kubernetes. What is set counts from the next attempt on.";

pub const CONFIG_MAP_LIST: &str = "\
Example:
  sandmill config-map list";

pub const CONFIG_MAP_DELETE: &str = "\
Example:
  sandmill config-map delete training";

pub const COMPONENT_TAGS: &str = "\
Example:
  sandmill component tags sandmill/split-rows";

pub const PIPELINE_CHECK: &str = "\
Examples:
  sandmill pipeline check pipeline.yaml
  cat pipeline.yaml | sandmill pipeline check - --json";

pub const PIPELINE_RUN: &str = "\
Examples:
  sandmill pipeline run pipeline.yaml
  sandmill pipeline run pipeline.yaml --watch --param data-set=@digits.csv --param fraction=0.8
  sandmill pipeline run pipeline.yaml --param model=sha256:…

Values are read by the parameter's type: text as it stands, numbers and true or false as such, lists
and objects as JSON, artifacts as @FILE or as the digest of one that the server has.

Without --watch, the run's id is printed and the run goes on at the server. With --watch --json, one
object is printed at the end: {run, pipeline, state, millis, steps: [{name, state, millis, cached, …}]}.";

pub const RUN_LIST: &str = "\
Examples:
  sandmill run list
  sandmill run list --pipeline digits --status failed --limit 50
  sandmill run list --component sha256:1f0c…";

pub const RUN_SHOW: &str = "\
Examples:
  sandmill run show latest
  sandmill run show 019a5c1e --json";

pub const RUN_LOGS: &str = "\
Examples:
  sandmill run logs latest
  sandmill run logs latest --step train --follow

With --json, each line is one object.";

pub const RUN_WATCH: &str = "\
Example:
  sandmill run watch latest

Ctrl-C ends the watching, not the run.";

pub const RUN_CANCEL: &str = "\
Example:
  sandmill run cancel 019a5c1e";

pub const RUN_RETRY: &str = "\
Example:
  sandmill run retry latest --watch";

pub const ARTIFACT_LIST: &str = "\
Examples:
  sandmill artifact list
  sandmill artifact list --run latest --json";

pub const ARTIFACT_SHOW: &str = "\
Example:
  sandmill artifact show sha256:…";

pub const ARTIFACT_GET: &str = "\
Examples:
  sandmill artifact get sha256:… --output report.html
  sandmill artifact get sha256:… | head
  sandmill artifact get sha256:… --file data/rows.csv -o rows.csv

What arrives is checked against the digest; one file of a folder, against its length.
A file is only there once it is whole.";

pub const ARTIFACT_FILES: &str = "\
Examples:
  sandmill artifact files sha256:…
  sandmill artifact files sha256:… --limit 200 --json

Nothing is unpacked. `sandmill artifact get` fetches one of them with --file NAME or --position NUMBER.";

pub const ARTIFACT_PUSH: &str = "\
Example:
  sandmill artifact push sha256:… ghcr.io/team/digits-model:1.0.0

The manifest says what the artifact is (model, data set, metrics) and which run, step and component made it.";

pub const ARTIFACT_PULL: &str = "\
Examples:
  sandmill artifact pull ghcr.io/team/digits-model:1.0.0
  sandmill artifact pull ghcr.io/team/digits-model:1.0.0 -o model.json";

pub const ARTIFACT_PUT: &str = "\
Example:
  sandmill artifact put digits.csv --metadata source=UCI";

pub const EXPERIMENT_CREATE: &str = "\
Example:
  sandmill experiment create learning-rates --description 'Which rate fits the digits'";

pub const EXPERIMENT_LIST: &str = "\
Examples:
  sandmill experiment list
  sandmill run list --experiment learning-rates";

pub const EXPERIMENT_COMPARE: &str = "\
Examples:
  sandmill experiment compare 019a5c1e 019a5c2f
  sandmill experiment compare 019a5c1e latest --json

Numbers are what steps gave as outputs, and what they attached to their metrics.";

pub const NOTEBOOK_RUN: &str = "\
Examples:
  sandmill notebook run report.ipynb
  sandmill notebook run report.ipynb --param year=2026 --param title='A year' -o report-2026.ipynb
  sandmill notebook run report.ipynb --kernel acme/kernel:1.0.0
  sandmill notebook run -f report.yaml --param year=2026

A document for -f, where all but its first two lines may be left out:
  apiVersion: sandmill.dev/v1
  kind: Notebook
  metadata: { name: report }
  spec:
    notebook: report.ipynb
    parameters: { year: 2025 }
    kernel: acme/kernel:1.0.0
    platform: read
    environment: { STAGE: test }
    memory: 512Mi
Kubeflow's Notebook is taken too; the notebook is then named on the command line.

Cells run in a sandbox: without network, and with files of their own. Where a cell breaks off, the notebook is
written with all that was run, and the exit code is 1.";

pub const NOTEBOOK_CREATE: &str = "\
Examples:
  sandmill notebook create
  sandmill notebook create --name survey --platform read
  sandmill notebook create -f notebook.yaml

In a manifest of Kubeflow's, the image names the kernel's component; the annotation kubeflow-resource-stopped begins the
session as a paused one.";

pub const NOTEBOOK_PAUSE: &str = "\
Example:
  sandmill notebook pause 8f14e45f-ceea-467f-a9b8-2f1d6c1b0c2e

What was defined survives as far as it can be pickled, also a restart of the node; the rest is listed by name and type.
The session's files and packages stay. A client of Jupyter's that connects resumes the session.
A node pauses sessions that are idle by itself (`sandmill up --notebook-idle-seconds`).";

pub const NOTEBOOK_RESUME: &str = "\
Example:
  sandmill notebook resume 8f14e45f-ceea-467f-a9b8-2f1d6c1b0c2e";

pub const NOTEBOOK_LIST: &str = "\
Example:
  sandmill notebook list

A session is `starting` until its kernel is compiled, `idle` or `busy`, `paused` by its user or
because it was idle, or `dead` where its kernel could not be started: `--json` says why.";

pub const NOTEBOOK_STOP: &str = "\
Example:
  sandmill notebook stop 8f14e45f-ceea-467f-a9b8-2f1d6c1b0c2e";

pub const SCHEDULE_CREATE: &str = "\
Examples:
  sandmill schedule create train.yaml --cron '0 0 3 * * 1-5' --param rows=1000
  sandmill schedule create train.yaml --cron @hourly --experiment nightly --catch-up
  sandmill schedule create train.yaml --every 90 --param title='run [[Index]]' --paused

A firing that was missed because the node was down counts as missed, and is made up for as --catch-up says.";

pub const SCHEDULE_LIST: &str = "\
Example:
  sandmill schedule list";

pub const SCHEDULE_SHOW: &str = "\
Example:
  sandmill schedule show 019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50";

pub const SCHEDULE_PAUSE: &str = "\
Example:
  sandmill schedule pause 019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50";

pub const SCHEDULE_RESUME: &str = "\
Example:
  sandmill schedule resume 019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50";

pub const SCHEDULE_DELETE: &str = "\
Example:
  sandmill schedule delete 019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50";

pub const SCHEDULE_NEXT: &str = "\
Example:
  sandmill schedule next 019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50 -n 10";
